import { GatewayError } from '../../core/errors.ts';

export type FormFields = Record<string, string | string[]>;

/**
 * Collects the text fields of a form. A repeated field is a list; `name[]` is a list however often it comes.
 * All values together are held to `maxBytes`.
 */
export function createFormFields(maxBytes: number) {
  const fields: FormFields = {};
  let bytes = 0;
  return {
    fields,
    add(field: string, value: string): void {
      bytes += Buffer.byteLength(value);
      if (bytes > maxBytes) {
        throw new GatewayError('body_too_large', `The fields of the form must not be larger than ${maxBytes} bytes.`);
      }
      const isList = field.endsWith('[]');
      const name = isList ? field.slice(0, -2) : field;
      if (name === '' || name === '__proto__') {
        throw new GatewayError('malformed_body', `'${field}' is not a name that a form field can have.`);
      }
      const earlier = Object.hasOwn(fields, name) ? fields[name] : undefined;
      if (earlier === undefined) fields[name] = isList ? [value] : value;
      else fields[name] = [earlier, value].flat();
    },
  };
}
