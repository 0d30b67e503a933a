/** Of a file that is not there or somebody else's, in the words of OpenAI. */
export function missing(id: string): string {
  return `No such File object: ${id}`;
}
