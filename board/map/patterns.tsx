interface PatternsProps {
  /** Of a mark, km: lines keep their distance on the screen. */
  readonly size: number;
  /** Before each id; ids are one for the whole document. */
  readonly name?: string;
}

/** What tells states apart without colour: crossed, slanted, dotted, upright lines. */
export function Patterns({ size, name = 'city' }: PatternsProps) {
  const step = size * 0.55;
  const thin = step * 0.16;
  const common = { width: step, height: step, patternUnits: 'userSpaceOnUse' as const };
  return (
    <defs>
      <pattern id={`${name}-down`} {...common}>
        <path class="ink-down" d={`M0 0L${step} ${step}M${step} 0L0 ${step}`} stroke-width={thin} />
      </pattern>
      <pattern id={`${name}-unreachable`} {...common} patternTransform="rotate(45)">
        <path class="ink-unreachable" d={`M0 0V${step}`} stroke-width={thin * 2} />
      </pattern>
      <pattern id={`${name}-unknown`} {...common}>
        <circle class="ink-unknown" cx={step / 2} cy={step / 2} r={thin} />
      </pattern>
      <pattern id={`${name}-alert`} {...common}>
        <path class="ink-alert" d={`M0 ${step / 2}H${step}`} stroke-width={thin} />
      </pattern>
      <pattern id={`${name}-degraded`} {...common}>
        <path class="ink-degraded" d={`M${step / 2} 0V${step}`} stroke-width={thin} />
      </pattern>
    </defs>
  );
}
