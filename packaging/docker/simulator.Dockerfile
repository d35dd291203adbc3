# The simulated city as an image (docs/simulators.md): docker build -f packaging/docker/simulator.Dockerfile -t wardwatch-simulator .
# docker-compose.yml runs it in profile demo. It needs --broker, --data-dir and --secret-file; its queue is in /var/lib/wardwatch-simulator.
FROM node:22.23.5-bookworm-slim AS build
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN node scripts/build.js --release

FROM node:22.23.5-bookworm-slim
RUN groupadd --system --gid 999 wardwatch \
  && useradd --system --uid 999 --gid 999 --home-dir /var/lib/wardwatch-simulator --shell /usr/sbin/nologin wardwatch \
  && install -d -o wardwatch -g wardwatch -m 0750 /var/lib/wardwatch-simulator
WORKDIR /usr/lib/wardwatch
COPY package.json LICENSE packaging/docker/simulator-health.mjs ./
COPY --from=build /src/dist dist
USER 999:999
VOLUME /var/lib/wardwatch-simulator
HEALTHCHECK --interval=10s --timeout=8s --start-period=60s CMD ["node", "/usr/lib/wardwatch/simulator-health.mjs"]
# A city makes little garbage at a time: large young generations and threads for them cost more than they save.
ENTRYPOINT ["node", "--max-semi-space-size=2", "--single-threaded-gc", "dist/wardwatch.js", "simulate"]
