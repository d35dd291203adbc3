import eastronSdm120 from './eastron-sdm120.yaml';
import eastronSdm630 from './eastron-sdm630.yaml';

/** The register maps that come with the agent, by name; a test checks each. */
export const SHIPPED_MAPS: Readonly<Record<string, unknown>> = {
  'eastron-sdm120': eastronSdm120,
  'eastron-sdm630': eastronSdm630,
};
