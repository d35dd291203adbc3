import {
  FieldConfigOptionsRegistry,
  standardFieldConfigEditorRegistry,
  standardTransformers,
  standardTransformersRegistry,
} from '@grafana/data';

const STANDARD = [
  'displayName',
  'unit',
  'min',
  'max',
  'decimals',
  'noValue',
  'thresholds',
  'mappings',
  'links',
  'color',
];
const CUSTOM = [
  ...[
    'drawStyle',
    'lineInterpolation',
    'lineWidth',
    'fillOpacity',
    'showPoints',
    'spanNulls',
    'thresholdsStyle',
  ],
  ...['stacking', 'transform', 'hideFrom', 'width', 'cellOptions', 'align', 'filterable', 'inspect'],
];

/** Grafana's core registers the settings of fields and the transformations; its packages on npm do not. */
export function registerGrafana(): void {
  const transformers = new Map(Object.values(standardTransformers).map((each) => [each.id, each]));
  standardTransformersRegistry.setInit(
    () =>
      [...transformers.values()].map((each) => ({
        ...{ id: each.id, name: each.name, transformation: () => Promise.resolve(each) },
      })) as never,
  );
  standardFieldConfigEditorRegistry.setInit(() => STANDARD.map((id) => setting(id)) as never);
}

export function fieldConfigRegistry(): FieldConfigOptionsRegistry {
  return new FieldConfigOptionsRegistry(
    () => [...STANDARD.map((id) => setting(id)), ...CUSTOM.map((id) => setting(id, 'custom.'))] as never,
  );
}

function setting(id: string, prefix = '') {
  return {
    ...{ id: `${prefix}${id}`, path: id, name: id, isCustom: prefix !== '' },
    process: (value: unknown) => value,
    shouldApply: () => true,
  };
}
