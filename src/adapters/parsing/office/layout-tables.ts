import type { OfficeContentNode } from 'officeparser';

/**
 * The content with tables that are there for the layout taken apart into what their cells hold, in order: those that
 * hold other tables, and those of one column.
 */
export function withoutLayoutTables(content: readonly OfficeContentNode[]): OfficeContentNode[] {
  return content.flatMap((node) => {
    if (node.type === 'slide') return [{ ...node, children: withoutLayoutTables(childrenOf(node)) }];
    if (node.type !== 'table' || !isLayout(node)) return [node];
    return withoutLayoutTables(childrenOf(node).flatMap(childrenOf).flatMap(childrenOf));
  });
}

function isLayout(table: OfficeContentNode): boolean {
  const rows = childrenOf(table).map(childrenOf);
  const holdsTable = rows.flat().some((cell) => childrenOf(cell).some(({ type }) => type === 'table'));
  return holdsTable || rows.every((cells) => cells.length <= 1);
}

function childrenOf({ children = [] }: OfficeContentNode): OfficeContentNode[] {
  return children;
}
