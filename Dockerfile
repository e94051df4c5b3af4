# One image runs everything of ours: `node dist/web.js`, `orders.js`, `notifier.js`, and the job `migrate.js`.

FROM docker.io/library/node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --loglevel=error
COPY . .
RUN node scripts/build.ts

# What is needed at run time, and nothing else. The Node binaries that npm brings along are for machines
# without Node 24; this image has one.
FROM build AS trimmed
RUN npm prune --omit=dev --loglevel=error \
 && rm -rf node_modules/node-linux-* node_modules/node-darwin-* node_modules/node-bin-* node_modules/.bin

# The gateway, with its configuration inside. Copying the binary sheds its file capability: it listens on
# high ports, and with the capability it could not start where all capabilities are dropped.
FROM docker.io/library/caddy:2.11-alpine AS gateway
RUN cp /usr/bin/caddy /usr/bin/caddy.plain && mv /usr/bin/caddy.plain /usr/bin/caddy \
 && mkdir -p /var/lib/gateway && chown 1000:1000 /var/lib/gateway
ENV XDG_DATA_HOME=/var/lib/gateway XDG_CONFIG_HOME=/tmp
COPY scripts/gateway/Caddyfile /etc/caddy/Caddyfile
USER 1000:1000
EXPOSE 8080 8443
CMD ["caddy", "run", "--config", "/etc/caddy/Caddyfile", "--adapter", "caddyfile"]

FROM docker.io/library/node:24-bookworm-slim AS service
ENV NODE_ENV=production BIND_ADDRESS=0.0.0.0
# Bounds the memory of each process; see scripts/supervise/node-flags.ts.
ENV NODE_OPTIONS="--max-old-space-size=192 --max-semi-space-size=16"
WORKDIR /app
COPY --from=trimmed /app/package.json ./
COPY --from=trimmed /app/node_modules ./node_modules
COPY --from=trimmed /app/dist ./dist
USER node
EXPOSE 8000 8001 8002
CMD ["node", "dist/web.js"]
