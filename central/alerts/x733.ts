/** ITU-T X.733, clause 8.1.1, in snake_case. */
export const EVENT_TYPES = [
  'communications',
  'quality_of_service',
  'processing_error',
  'equipment',
  'environmental',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** ITU-T X.733, clause 8.1.2.1, in snake_case: those of its causes that concern a city's infrastructure. */
export const PROBABLE_CAUSES = [
  'application_subsystem_failure',
  'bandwidth_reduced',
  'communications_protocol_error',
  'communications_subsystem_failure',
  'configuration_or_customization_error',
  'congestion',
  'corrupt_data',
  'cpu_cycles_limit_exceeded',
  'degraded_signal',
  'equipment_malfunction',
  'heating_ventilation_or_cooling_system_problem',
  'humidity_unacceptable',
  'input_output_device_error',
  'lan_error',
  'local_node_transmission_error',
  'loss_of_signal',
  'out_of_memory',
  'performance_degraded',
  'power_problem',
  'processor_problem',
  'queue_size_exceeded',
  'receive_failure',
  'remote_node_transmission_error',
  'resource_at_or_nearing_capacity',
  'response_time_excessive',
  'software_error',
  'software_program_abnormally_terminated',
  'storage_capacity_problem',
  'temperature_unacceptable',
  'threshold_crossed',
  'timing_problem',
  'transmit_failure',
  'underlying_resource_unavailable',
] as const;
export type ProbableCause = (typeof PROBABLE_CAUSES)[number];
