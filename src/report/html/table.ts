import { each, type Html, html, markupOf, when } from './html.ts';

export interface HtmlColumn<Row> {
  title: string;
  cell: (row: Row) => Html | string;
  /** Numbers stand under each other. */
  isNumber?: boolean;
}

/** A table under its title; nothing without rows. Columns without content are left out. */
export function htmlTable<Row>(
  title: string,
  allColumns: readonly HtmlColumn<Row>[],
  rows: readonly Row[],
): Html {
  const columns = allColumns.filter(({ cell }) => rows.some((row) => markupOf(cell(row)) !== ''));
  return when(
    rows.length > 0,
    () => html`<div class="scroll"><table>
<caption>${title}</caption>
<thead><tr>${each(columns, (column) => html`<th scope="col"${kind(column)}>${column.title}</th>`)}</tr></thead>
<tbody>${each(
      rows,
      (row) => html`<tr>${each(columns, (column) => html`<td${kind(column)}>${column.cell(row)}</td>`)}</tr>
`,
    )}</tbody>
</table></div>
`,
  );
}

function kind({ isNumber }: { isNumber?: boolean }): Html {
  return isNumber ? html` class="number"` : html``;
}
