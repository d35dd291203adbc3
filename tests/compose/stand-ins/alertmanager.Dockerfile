# In place of prom/alertmanager: Debian's version, with the programs' names and the folder of the real image.
FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends prometheus-alertmanager && rm -rf /var/lib/apt/lists/* \
  && ln -s /usr/bin/prometheus-alertmanager /usr/local/bin/alertmanager && install -d -o nobody -g nogroup /alertmanager
USER nobody
