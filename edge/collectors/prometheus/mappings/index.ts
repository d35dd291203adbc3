import { mappingSchema, type Mapping, type MappingInput } from '../mapping.ts';
import { ceph } from './ceph.ts';
import { kubeStateMetrics } from './kube-state-metrics.ts';
import { nodeExporter } from './node-exporter.ts';
import { openstackExporter } from './openstack-exporter.ts';
import { proxmox } from './proxmox.ts';
import { vmware } from './vmware.ts';

const READY: Readonly<Record<string, MappingInput>> = {
  ceph,
  'kube-state-metrics': kubeStateMetrics,
  'node-exporter': nodeExporter,
  'openstack-exporter': openstackExporter,
  proxmox,
  vmware,
};

/** Ready mappings by name. */
export const READY_MAPPINGS: ReadonlyMap<string, Mapping> = new Map(
  Object.entries(READY).map(([name, input]) => [name, mappingSchema.parse(input)]),
);
