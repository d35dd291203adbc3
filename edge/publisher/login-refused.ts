/** What a broker says, or MQTT.js of its CONNACK, that does not know a user or his password: no later attempt goes better by itself. */
export const LOGIN_REFUSED = /bad user ?name or password|not authorized|identifier rejected/i;
