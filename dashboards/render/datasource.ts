/** Grafana's provisioning gives the data source this uid: packaging/grafana/. */
export const DATASOURCE = { type: 'influxdb', uid: 'wardwatch-influx' } as const;
