import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { GatewayError } from '../core/errors.ts';
import { cutOff } from './cut-off.ts';

export interface UploadRate {
  minBytesPerSecond: number;
  /** How long a sender may be as slow as it likes. */
  graceMs: number;
  checkIntervalMs: number;
}

interface Upload {
  res: ServerResponse;
  bytesAtStart: number;
  waitedMs: number;
}

/**
 * Cuts off bodies that trickle in: a slow sender holds a connection and whatever is stored of its upload. Only the time
 * in which this side was ready to take more counts.
 */
export function enforceUploadRate(server: Server, rate: UploadRate): void {
  const uploads = new Map<IncomingMessage, Upload>();

  function watch(req: IncomingMessage, res: ServerResponse): void {
    if (req.headers['content-length'] === undefined && req.headers['transfer-encoding'] === undefined) return;
    uploads.set(req, { res, bytesAtStart: req.socket.bytesRead, waitedMs: 0 });
    const forget = () => uploads.delete(req);
    req.once('end', forget);
    req.once('close', forget);
  }

  function check(): void {
    for (const [req, upload] of uploads) {
      if (req.complete || req.readableLength > 0 || req.isPaused()) continue;
      upload.waitedMs += rate.checkIntervalMs;
      if (upload.waitedMs <= rate.graceMs) continue;
      const bytes = req.socket.bytesRead - upload.bytesAtStart;
      if (bytes < (rate.minBytesPerSecond * upload.waitedMs) / 1_000) cutOff(req, upload.res, tooSlow(rate));
    }
  }

  server.on('request', watch);
  server.on('checkContinue', watch);
  const timer = setInterval(check, rate.checkIntervalMs).unref();
  server.once('close', () => clearInterval(timer));
}

function tooSlow({ minBytesPerSecond }: UploadRate): GatewayError {
  return new GatewayError(
    'request_timeout',
    `The body came too slowly: at least ${minBytesPerSecond} bytes per second are expected.`,
  );
}
