# syntax=docker/dockerfile:1
# The API, the worker and the `jarib` command in one image; compose.yaml says which of them a container runs.

FROM node:20-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run build:api && npm run build:extra && npm run build:web
RUN npm prune --omit=dev --no-audit --no-fund

FROM node:20-bookworm-slim
# GDAL reads and writes every format of the import door, the fonts carry Devanagari for bills and notices, and
# pg_dump of the database's own version makes the backups.
RUN apt-get update \
  && apt-get install --yes --no-install-recommends \
    gdal-bin fonts-noto-core postgresql-client-15 ca-certificates \
  && rm -rf /var/lib/apt/lists/*
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY --from=build /app/tariffs ./tariffs
COPY --from=build /app/geodata ./geodata
# The one place that the application writes to; a named volume takes over the owner from here.
RUN mkdir .data && chown node:node .data
USER node
EXPOSE 3000
CMD ["node", "--enable-source-maps", "dist/apps/api/src/main.js"]
