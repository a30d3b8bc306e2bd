// Makes each heading of a table a button that sorts by it. Without this script the table stays
// in the order that it came in.
"use strict";
for (const table of document.querySelectorAll("table.sorts")) {
  const body = table.tBodies[0];
  const said = document.getElementById(table.dataset.said);
  const heads = [...table.tHead.rows[0].cells];
  const key = (row, column) => {
    const cell = row.cells[column];
    const order = cell.dataset.order;
    return order === undefined ? cell.textContent.trim() : order === "" ? null : Number(order);
  };
  const words = new Intl.Collator("en-GB", { numeric: true, sensitivity: "base" });
  const compare = (a, b) => (typeof a === "number" ? a - b : words.compare(a, b));
  heads.forEach((head, column) => {
    const name = head.textContent;
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = name;
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      const keyed = [...body.rows].map((row) => [key(row, column), row]);
      keyed.sort(([a], [b]) => {
        // What is missing comes last, whichever way.
        if (a === null || b === null) return (a === null) - (b === null);
        return down ? compare(b, a) : compare(a, b);
      });
      body.append(...keyed.map(([, row]) => row));
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      said.textContent = `Sorted by ${name}, ${down ? "descending" : "ascending"}.`;
    });
  });
}
