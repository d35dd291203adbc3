/** Alertmanager behind central, as in examples/alertmanager/alertmanager.yml; a test compares both. */
export const ALERTMANAGER_YML = `# Prometheus Alertmanager behind central, made by wardwatch setup; explained in examples/alertmanager/alertmanager.yml.
route:
  receiver: nobody
  # Wardwatch tells once; whoever routes here decides about grouping.
  group_by: [alertname, site]
  group_wait: 10s
  group_interval: 1m
  repeat_interval: 12h

receivers:
  - name: nobody

inhibit_rules:
  # One alert of Wardwatch that becomes graver is another alert to Alertmanager: the milder one says nothing beside it.
  - source_matchers: [severity="critical"]
    target_matchers: [severity=~"major|minor|warning"]
    equal: [wardwatch_id]
  - source_matchers: [severity="major"]
    target_matchers: [severity=~"minor|warning"]
    equal: [wardwatch_id]
  - source_matchers: [severity="minor"]
    target_matchers: [severity="warning"]
    equal: [wardwatch_id]
`;
