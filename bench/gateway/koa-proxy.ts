/** The floor: a proxy of Koa and undici that does nothing but pass on. `node koa-proxy.ts UPSTREAM`, prints its port. */
import Koa from 'koa';
import { Pool } from 'undici';

const pool = new Pool(process.argv[2] ?? '', { connections: 1_024 });
const app = new Koa();
// Callers who leave are part of the measurement.
app.silent = true;
app.use(async (ctx) => {
  const { statusCode, headers, body } = await pool.request({
    method: 'POST',
    path: ctx.path,
    headers: { 'content-type': 'application/json', authorization: 'Bearer upstream' },
    body: ctx.req,
  });
  ctx.status = statusCode;
  ctx.set('content-type', String(headers['content-type']));
  ctx.body = body;
});
const server = app.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(`${typeof address === 'object' ? address?.port : ''}\n`);
});
