# The edge agent as an image: docker build -f packaging/docker/edge.Dockerfile -t wardwatch-edge .
# Run it with the host's view of itself:
#   docker run -d --name wardwatch-edge --restart unless-stopped --network host --read-only --tmpfs /tmp --cap-drop ALL \
#     --security-opt no-new-privileges -v /etc/wardwatch:/etc/wardwatch:ro -v wardwatch-edge:/var/lib/wardwatch-edge \
#     -v /proc:/host/proc:ro -v /sys:/host/sys:ro -v /:/host/root:ro,rslave wardwatch-edge
# with `procPath: /host/proc`, `sysPath: /host/sys` and `rootPath: /host/root` in the server collector. The volume keeps the queue over
# upgrades; its files belong to uid and gid 999, also where a directory of the host is mounted instead.
FROM node:22.23.5-bookworm-slim AS build
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN node scripts/build.js --release

# serialport has a native part, so it is not in the agent's one file; only the build for this machine is kept.
FROM build AS native
RUN npm install --prefix /native --ignore-scripts --no-audit --no-fund \
    "serialport@$(node -p "require('./package.json').optionalDependencies.serialport")" \
  && cd /native/node_modules/@serialport/bindings-cpp \
  && find prebuilds -mindepth 1 -maxdepth 1 ! -name "linux-$(node -p process.arch)" -exec rm -rf {} + \
  && rm -rf src

FROM node:22.23.5-bookworm-slim
RUN apt-get update \
  && apt-get install -y --no-install-recommends iputils-ping ca-certificates \
  && rm -rf /var/lib/apt/lists/* /var/cache/apt /var/log/apt /var/log/dpkg.log \
  && groupadd --system --gid 999 wardwatch \
  && useradd --system --uid 999 --gid 999 --home-dir /var/lib/wardwatch-edge --shell /usr/sbin/nologin wardwatch \
  && install -d -o wardwatch -g wardwatch -m 0750 /var/lib/wardwatch-edge
WORKDIR /usr/lib/wardwatch
COPY --from=native /native/node_modules node_modules
COPY --from=build /src/dist/wardwatch-edge.mjs /src/dist/licences.txt /src/LICENSE ./
USER 999:999
VOLUME /var/lib/wardwatch-edge
# It reads the agent's queue, and disturbs nobody: unhealthy when nothing is measured, or central acknowledges nothing.
HEALTHCHECK --interval=60s --timeout=8s --start-period=60s \
  CMD ["node", "/usr/lib/wardwatch/wardwatch-edge.mjs", "doctor", "--running", "--config", "/etc/wardwatch/edge.yaml"]
ENTRYPOINT ["node", "--max-semi-space-size=1", "wardwatch-edge.mjs"]
CMD ["--config", "/etc/wardwatch/edge.yaml"]
