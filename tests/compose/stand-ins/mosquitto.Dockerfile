# In place of eclipse-mosquitto: Debian's version, with the user and the folder of the real image.
FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends mosquitto mosquitto-clients && rm -rf /var/lib/apt/lists/* \
  && usermod -u 1883 mosquitto && groupmod -g 1883 mosquitto && install -d -o mosquitto -g mosquitto /mosquitto/data
USER mosquitto
