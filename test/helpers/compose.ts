/** docker-compose.yml as Docker Compose sees it: merged, its variables filled in. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { projectPath } from './project.ts';

export interface ComposeService {
  image: string;
  user?: string;
  command?: string[];
  environment?: Record<string, string>;
  ports?: string[];
  volumes?: string[];
  tmpfs?: string[];
  networks?: string[];
  read_only?: boolean;
  restart?: string;
  cap_drop?: string[];
  security_opt?: string[];
  stop_grace_period?: string;
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: { test: string[] };
  deploy?: { resources: { limits: { cpus: string; memory: string } } };
}

export interface Compose {
  name: string;
  services: Record<string, ComposeService>;
  networks: Record<string, { internal?: boolean }>;
  volumes: Record<string, unknown>;
}

/** A variable of the file with its default, or null where the file insists on a value. */
export type ComposeVariables = Record<string, string | null>;

const variable = /\$\$|\$\{(\w+):([-?])([^}]*)\}/g;
const source = readFileSync(projectPath('docker-compose.yml'), 'utf8');

export function composeVariables(): ComposeVariables {
  const found = [...source.matchAll(variable)].filter(([, name]) => name !== undefined);
  return Object.fromEntries(found.map(([, name = '', operator, rest = '']) => [name, operator === '-' ? rest : null]));
}

/** What the file insists on. */
export const composeKeys = { MASTER_KEY: 'a key for the tests', SECRETS_KEY: 'another for the tests' };

/** Throws, as Compose does, when `environment` lacks a variable that must be set. */
export function readCompose(environment: Record<string, string> = composeKeys): Compose {
  return fill(parse(source, { merge: true }), environment) as Compose;
}

function fill(value: unknown, environment: Record<string, string>): unknown {
  if (typeof value === 'string') return fillText(value, environment);
  if (Array.isArray(value)) return value.map((item) => fill(item, environment));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fill(item, environment)]));
}

function fillText(text: string, environment: Record<string, string>): string {
  return text.replace(variable, (whole, name: string | undefined, operator: string, rest: string) => {
    if (name === undefined) return whole.slice(1);
    const value = environment[name];
    if (value) return value;
    if (operator === '?') throw new Error(`${name}: ${rest}`);
    return rest;
  });
}
