# In place of influxdb: Debian's version, with the user and the folder of the real image.
FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends influxdb influxdb-client && rm -rf /var/lib/apt/lists/* \
  && usermod -u 1500 influxdb && groupmod -g 1500 influxdb && rm -rf /var/lib/influxdb && install -d -o influxdb -g influxdb /var/lib/influxdb
USER influxdb
