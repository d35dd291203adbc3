# The edge agent as an image: docker build -f packaging/docker/edge.Dockerfile -t wardwatch-edge .
# Run it with the host's view of itself:
#   docker run -d --name wardwatch-edge --restart unless-stopped --network host --pid host \
#     -v /etc/wardwatch:/etc/wardwatch:ro -v wardwatch-edge:/var/lib/wardwatch-edge \
#     -v /proc:/host/proc:ro -v /sys:/host/sys:ro -v /:/host/root:ro,rslave wardwatch-edge
# with `procPath: /host/proc`, `sysPath: /host/sys` and `rootPath: /host/root` in the server collector. The volume keeps the queue over
# upgrades; its files belong to uid and gid 999, also where a directory of the host is mounted instead.
FROM node:22-bookworm-slim AS build
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY . .
# serialport has a native part, so it is not in the agent's one file.
RUN npm run build \
  && npm install --prefix /native --ignore-scripts "serialport@$(node -p "require('./package.json').optionalDependencies.serialport")"

FROM node:22-bookworm-slim
RUN apt-get update \
  && apt-get install -y --no-install-recommends iputils-ping ca-certificates \
  && rm -rf /var/lib/apt/lists/* \
  && groupadd --system --gid 999 wardwatch \
  && useradd --system --uid 999 --gid 999 --home-dir /var/lib/wardwatch-edge --shell /usr/sbin/nologin wardwatch \
  && install -d -o wardwatch -g wardwatch -m 0750 /var/lib/wardwatch-edge
WORKDIR /usr/lib/wardwatch
COPY --from=build /src/dist/wardwatch-edge.mjs /src/dist/licences.txt /src/LICENSE ./
COPY --from=build /native/node_modules node_modules
USER wardwatch
VOLUME /var/lib/wardwatch-edge
ENTRYPOINT ["node", "--max-semi-space-size=1", "wardwatch-edge.mjs"]
CMD ["--config", "/etc/wardwatch/edge.yaml"]
