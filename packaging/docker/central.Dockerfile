# Central as an image: docker build -f packaging/docker/central.Dockerfile -t wardwatch-central .
# docker-compose.yml runs it. Alone, with its embedded broker and store:
#   docker run -d --name wardwatch --restart unless-stopped --read-only --tmpfs /tmp --cap-drop ALL -p 8443:8443 -p 8883:8883 \
#     -v /etc/wardwatch:/etc/wardwatch:ro -v wardwatch:/var/lib/wardwatch wardwatch-central
# /etc/wardwatch holds central.yaml with `dataDirectory: /var/lib/wardwatch`, readable by gid 999; the files of the volume belong to uid
# and gid 999, also where a directory of the host is mounted instead. WARDWATCH_READY_URL is where the health check asks.
# The lines up to `AS packages` are those of every image here, so that they are built once.
FROM node:22.23.5-bookworm-slim AS build
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN node scripts/build.js --release

FROM node:22.23.5-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# serialport is for modems at agents.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund \
  && rm -rf node_modules/serialport node_modules/@serialport

FROM node:22.23.5-bookworm-slim
RUN groupadd --system --gid 999 wardwatch \
  && useradd --system --uid 999 --gid 999 --home-dir /var/lib/wardwatch --shell /usr/sbin/nologin wardwatch \
  && install -d -o wardwatch -g wardwatch -m 0750 /var/lib/wardwatch \
  && ln -s /usr/lib/wardwatch/bin/wardwatch.js /usr/local/bin/wardwatch
WORKDIR /usr/lib/wardwatch
COPY --from=packages /app/node_modules node_modules
COPY package.json LICENSE ./
COPY packaging/docker/ready.mjs packaging/compose/influxdb-users.mjs ./
COPY bin bin
COPY --from=build /src/dist dist
USER 999:999
VOLUME /var/lib/wardwatch
# As packaging/systemd/wardwatch-central.service says.
ENV MALLOC_ARENA_MAX=2
HEALTHCHECK --interval=10s --timeout=8s --start-period=60s CMD ["node", "/usr/lib/wardwatch/ready.mjs"]
ENTRYPOINT ["node", "--max-semi-space-size=8", "dist/wardwatch.js"]
CMD ["central", "--config", "/etc/wardwatch/central.yaml"]
