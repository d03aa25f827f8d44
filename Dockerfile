# Three images, one for each service: docker build --target api -t ccluster-api .
# What a container runs is a folder of bundled files; it has no packages, writes no file and needs no root.
ARG NODE_IMAGE=node:24.21.0-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /build
ENV CI=true PATH=/build/infra/local/tools/node_modules/.bin:/usr/local/bin:/usr/bin:/bin
# The project's own pnpm, by a lock file.
COPY infra/local/tools ./infra/local/tools
RUN npm ci --ignore-scripts --no-audit --no-fund --prefix infra/local/tools \
  && ln -s "../@pnpm/exe.linux-$(node -p process.arch)/pnpm" infra/local/tools/node_modules/.bin/pnpm
# Downloads are a layer of their own, which lasts until the lock file changes.
COPY pnpm-lock.yaml pnpm-workspace.yaml ./
RUN pnpm fetch
COPY . .
RUN pnpm install --frozen-lockfile --offline
RUN pnpm exec tsc -b services/api services/dispatcher services/watcher && node infra/bundle-services.mjs
RUN for service in api dispatcher watcher; do node infra/image/collect-service.mjs "$service" "out/$service"; done

FROM ${NODE_IMAGE} AS runtime
ENV NODE_ENV=production
WORKDIR /app
# By number: Kubernetes cannot tell whether a name is root.
USER 1000:1000
# Node is the process that signals reach. Arguments are another file to run: create-key.mjs, with its own.
ENTRYPOINT ["node"]
CMD ["service.mjs"]
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["node", "healthcheck.mjs"]

FROM runtime AS dispatcher
ENV HEALTH_HOST=0.0.0.0 HEALTH_PORT=4001
EXPOSE 4001
COPY --from=build /build/out/dispatcher ./

FROM runtime AS watcher
ENV HEALTH_HOST=0.0.0.0 HEALTH_PORT=4002
EXPOSE 4002
COPY --from=build /build/out/watcher ./

FROM runtime AS api
ENV HOST=0.0.0.0 PORT=4000
EXPOSE 4000
COPY --from=build /build/out/api ./
