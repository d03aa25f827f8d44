// node healthcheck.mjs [/readyz]
// Exits 0 where the service in this container says that it lives, or that it is ready. Images have no curl.
const { PORT, HEALTH_PORT } = process.env;
const path = process.argv[2] ?? '/livez';
try {
  const response = await fetch(`http://127.0.0.1:${HEALTH_PORT ?? PORT}${path}`, {
    signal: AbortSignal.timeout(4_000),
  });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
