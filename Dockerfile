# syntax=docker/dockerfile:1
# The server of `npm start`, for those who deploy no functions: docs/scaling.md. Two images are built from: to have
# them as they were reviewed, give their digests, as `--build-arg NODE=node:24-slim@sha256:…`.
ARG NODE=node:24-slim
ARG RUNTIME=gcr.io/distroless/nodejs24-debian13:nonroot

FROM ${NODE} AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Exactly what the lock file says, with nobody's scripts, and without the Node that it pins for other machines.
RUN npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund

# The page of the server. What builds it stays here.
FROM ${NODE} AS page
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY console ./console
COPY lib ./lib
COPY scripts ./scripts
RUN node scripts/build-console.js

FROM ${RUNTIME}
WORKDIR /app
COPY --from=packages /app/node_modules ./node_modules
COPY --from=page /app/dist/console ./dist/console
COPY package.json LICENSE ./
COPY bin ./bin
COPY functions ./functions
COPY lib ./lib
COPY schema/credmint.openapi.json ./schema/
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 CREDMINT_CONFIG=/etc/credmint/credmint.config.json
# By number, so that Kubernetes can see that it is not root. The image has no shell.
USER 65532:65532
EXPOSE 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s --retries=3 CMD ["/nodejs/bin/node", "/app/bin/healthcheck.ts"]
ENTRYPOINT ["/nodejs/bin/node", "/app/bin/start.js"]
