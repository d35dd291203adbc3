import type { MappingInput } from '../mapping.ts';

/** A pod that has ended keeps its requests, but they no longer count. */
const LIVE = {
  metric: 'kube_pod_status_phase',
  where: { phase: ['Pending', 'Running'] },
  on: ['namespace', 'pod'],
};

/** kubernetes/kube-state-metrics, 2.0 or newer. It has no usage. */
export const kubeStateMetrics: MappingInput = {
  capacity: ['cpu', 'memory'].map((resource) => ({
    resource,
    hostLabel: 'node',
    physical: { metric: 'kube_node_status_capacity', where: { resource } },
    usable: { metric: 'kube_node_status_allocatable', where: { resource } },
    allocated: { metric: 'kube_pod_container_resource_requests', where: { resource }, join: LIVE },
  })),
};
