/** Light and dark, as the reader's machine has it. */
export const REPORT_STYLE = `
:root { color-scheme: light dark; --text: #1b1f24; --soft: #59636e; --line: #d1d9e0; --back: #fff; --fault: #6e7781; --warning: #2f81c4; --minor: #b58900; --major: #d9700b; --critical: #cf222e; --good: #1a7f37; }
@media (prefers-color-scheme: dark) { :root { --text: #e6edf3; --soft: #9198a1; --line: #3d444d; --back: #0d1117; --fault: #8b949e; --warning: #58a6ff; --minor: #d4a72c; --major: #f0883e; --critical: #ff6b65; --good: #3fb950; } }
body { margin: 0; background: var(--back); color: var(--text); font: 15px/1.45 system-ui, sans-serif; }
main { max-width: 1160px; margin: 0 auto; padding: 24px 16px 64px; }
h1 { font-size: 24px; }
table { border-collapse: collapse; margin: 0 0 20px; }
th, td { text-align: left; padding: 4px 20px 4px 0; border-bottom: 1px solid var(--line); }
tbody th { font-weight: 400; }
td { font-variant-numeric: tabular-nums; }
details { border-top: 1px solid var(--line); padding: 10px 0; }
summary { cursor: pointer; }
summary [lang] { color: var(--soft); }
details p { color: var(--soft); margin: 8px 0; }
li { color: var(--critical); }
.verdict { display: inline-block; min-width: 70px; font-weight: 600; }
.met { color: var(--good); } .missed { color: var(--critical); }
.legend { color: var(--soft); }
.legend i { display: inline-block; width: 14px; height: 10px; margin: 0 4px 0 10px; border-radius: 2px; }
.legend i.fault { background: var(--fault); } .legend i.warning { background: var(--warning); } .legend i.minor { background: var(--minor); } .legend i.major { background: var(--major); } .legend i.critical { background: var(--critical); } .legend i.history { border: 1px dashed var(--soft); background: none; }
.begin { color: var(--critical); } .end { color: var(--good); } .other { color: var(--soft); }
.timeline { overflow-x: auto; }
svg { font: 12px system-ui, sans-serif; }
svg text { fill: var(--text); }
svg .soft { fill: var(--soft); }
svg .grid { stroke: var(--line); }
svg .fault { fill: var(--fault); } svg .warning { fill: var(--warning); } svg .minor { fill: var(--minor); } svg .major { fill: var(--major); } svg .critical { fill: var(--critical); }
svg .wait { opacity: 0.35; }
svg .history { fill: none; stroke: var(--soft); stroke-dasharray: 3 2; }
svg .begin { fill: var(--critical); } svg .end { fill: var(--good); } svg .other { fill: var(--soft); }
`;
