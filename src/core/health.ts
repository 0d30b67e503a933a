export interface HealthReport {
  /** `degraded` still takes requests. */
  status: 'ok' | 'degraded' | 'unavailable';
  checks: readonly HealthCheck[];
}

export interface HealthCheck {
  name: string;
  ok: boolean;
  /** Without it no request can be served. */
  required: boolean;
  durationMs: number;
  /** One sentence when it is not ok. */
  detail: string | null;
}
