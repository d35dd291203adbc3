/** Rights at Mosquitto, those of examples/mosquitto.acl, which explains them; a test compares both. */
export const MOSQUITTO_ACL = `# Made by wardwatch setup; explained in examples/mosquitto.acl, Sparkplug included.
user central
topic read wardwatch/1/+/+/up
topic read wardwatch/1/+/+/state
topic write wardwatch/1/+/+/ack
topic write wardwatch/1/+/+/config
topic write wardwatch/1/+/+/command
topic write wardwatch/1/control/flow
topic write wardwatch/1/+/wardwatch-canary/up

user wardwatch.health
topic read $SYS/broker/uptime

pattern write wardwatch/1/+/%u/up
pattern write wardwatch/1/+/%u/state
pattern write wardwatch/1/+/%u/result
pattern read wardwatch/1/+/%u/ack
pattern read wardwatch/1/+/%u/config
pattern read wardwatch/1/+/%u/command
pattern read wardwatch/1/control/flow
`;

/** `mosquitto.conf`, the settings of examples/mosquitto.conf with the files of `directory`. Pure. */
export function mosquittoConf(directory: string): string {
  return `# Mosquitto 2 for Wardwatch, made by wardwatch setup; explained in examples/mosquitto.conf.
listener 8883
certfile ${directory}/secrets/server.crt
keyfile ${directory}/secrets/server.key

allow_anonymous false
password_file ${directory}/secrets/mosquitto.passwords
acl_file ${directory}/mosquitto/acl
use_username_as_clientid true

max_packet_size 65536
max_inflight_messages 0

persistence true
persistence_location /var/lib/mosquitto/
`;
}
