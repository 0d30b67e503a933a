import { z } from 'zod';
import type { Operation } from '../../core/endpoint.ts';
import { jobParams } from './schemas.ts';

export const getJobResult = {
  method: 'GET',
  path: '/v1/jobs/:id/result',
  permission: 'use',
  tag: 'Jobs',
  summary: 'What the call would have answered: its status, headers and body, or its error',
  params: jobParams,
  response: z.unknown(),
} satisfies Operation;
