/**
 * What a new InfluxDB 1.x is told once (`influx < users.iql`): the database, central as its administrator, who makes retention
 * policies, and Grafana, which may only read. Later it needs the login of central, and changes nothing. Pure; the passwords have no quotes in them.
 */
export function influxUsers(passwords: { readonly central: string; readonly grafana: string }): string {
  return [
    // First: with authentication on, nothing else is allowed before there is an administrator.
    `CREATE USER "central" WITH PASSWORD '${passwords.central}' WITH ALL PRIVILEGES`,
    'CREATE DATABASE "wardwatch"',
    `CREATE USER "grafana" WITH PASSWORD '${passwords.grafana}'`,
    'GRANT READ ON "wardwatch" TO "grafana"',
    '',
  ].join(';\n');
}
