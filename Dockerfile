# Images: secrets, server, web, envoy. The base images are named as docs/decisions/0009-compose.md says.
ARG NODE_IMAGE=node:24.21.0-bookworm-slim
ARG ENVOY_IMAGE=envoyproxy/envoy:v1.40.0

# --- the bundles, and the few packages that the server's leaves outside -------------------------------
FROM ${NODE_IMAGE} AS build
ARG PNPM_VERSION=12.21.0
WORKDIR /src
COPY package.json pnpm-lock.yaml pnpm-workspace.yaml ./
COPY proto/package.json proto/
COPY postgres/package.json postgres/
COPY envoy/package.json envoy/
COPY stack/package.json stack/
COPY server/package.json server/
COPY web/package.json web/
COPY e2e/package.json e2e/
COPY bench/package.json bench/
COPY soak/package.json soak/
# No install scripts: the bundlers need none, and the one of `node` would fetch what this image already has.
RUN --mount=type=cache,target=/root/.npm --mount=type=cache,target=/pnpm-store \
    npx --yes pnpm@${PNPM_VERSION} install --frozen-lockfile --ignore-scripts --store-dir /pnpm-store \
    --filter @roster/proto --filter @roster/server --filter @roster/web --filter @roster/stack
COPY . .
RUN node stack/src/build.ts
RUN --mount=type=cache,target=/root/.npm --mount=type=cache,target=/pnpm-store \
    npx --yes pnpm@${PNPM_VERSION} --filter @roster/server deploy --prod --legacy --ignore-scripts --store-dir /pnpm-store /deploy

# --- the one-shot that makes the secrets --------------------------------------------------------------
FROM ${NODE_IMAGE} AS secrets
# 10001 is the group of those who read the secrets; a new volume takes over this folder's owner and mode.
RUN install -d -o node -g 10001 -m 2750 /secrets
COPY --chmod=755 docker/make-secrets.sh /usr/local/bin/make-secrets
USER node:10001
ENTRYPOINT ["make-secrets", "/secrets"]

# --- the gRPC server ----------------------------------------------------------------------------------
FROM ${NODE_IMAGE} AS server
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /deploy/node_modules ./node_modules
COPY --from=build /src/server/dist ./dist
USER node
EXPOSE 50051
ENTRYPOINT ["node", "--enable-source-maps"]
CMD ["dist/main.js"]

# --- the static server of the console -----------------------------------------------------------------
FROM ${NODE_IMAGE} AS web
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /src/web/dist ./
USER node
EXPOSE 8080
ENTRYPOINT ["node"]
CMD ["serve.js"]

# --- the proxy, with the one configuration file as it is ----------------------------------------------
FROM ${ENVOY_IMAGE} AS envoy
COPY --chmod=755 docker/envoy-ready.sh /usr/local/bin/envoy-ready
COPY --chmod=755 docker/envoy-start.sh /usr/local/bin/envoy-start
COPY --chmod=644 envoy/envoy.yaml /etc/envoy/envoy.yaml
USER 101:101
