//! Tables, their sums, and facts beside their names.

use super::{BODY, Ink, Kind, Maker, Mark, PAD, Set, Strip, TEXT, Tint, beside, gap, underline};
use crate::platform::pdf::{Align, Column, Span, Table};

impl Maker {
    pub(super) fn facts(
        &mut self,
        facts: &[(String, Vec<Span>)],
        parent: usize,
        width: f32,
    ) -> Vec<Strip> {
        let table = self.part(parent, Kind::Table);
        let label = (width * 0.34).min(130.0);
        let soft = Set { tint: Tint::Soft, ..BODY };
        let mut strips = Vec::with_capacity(facts.len());
        for (name, spans) in facts {
            let row = self.part(table, Kind::Row);
            let (head, cell) = (self.part(row, Kind::RowHead), self.part(row, Kind::Cell));
            let left = self.cell(&[Span::of(name)], head, label - 8.0, soft);
            let right = self.cell(spans, cell, width - label, BODY);
            strips.push(beside(&[(0.0, left), (label, right)], 1.5));
        }
        strips
    }

    pub(super) fn table(&mut self, table: &Table, parent: usize, width: f32) -> Vec<Strip> {
        let part = self.part(parent, Kind::Table);
        let whole: f32 = table.columns.iter().map(|c| c.share).sum();
        let widths: Vec<f32> = table.columns.iter().map(|c| c.share / whole * width).collect();
        let header = self.header(table, part, &widths, width);
        let mut again = header.clone();
        // Shown again it is decoration: whoever hears the table has heard it.
        again.marks.iter_mut().for_each(|mark| mark.leaf = None);
        self.headers.push(again);
        let at = self.headers.len() - 1;
        let mut strips = vec![gap(3.0), Strip { with_next: true, ..header }];
        for cells in &table.rows {
            let row = self.part(part, Kind::Row);
            let mut strip = self.row(cells, row, &table.columns, &widths, BODY.size - 0.5);
            underline(&mut strip, width, 0.5);
            strip.header = Some(at);
            strips.push(strip);
        }
        strips.extend(self.totals(table, parent, width));
        strips.push(gap(5.0));
        strips
    }

    fn header(&mut self, table: &Table, part: usize, widths: &[f32], width: f32) -> Strip {
        let row = self.part(part, Kind::Row);
        let mut parts = Vec::new();
        let mut x = 0.0;
        for (column, wide) in table.columns.iter().zip(widths) {
            let head = self.part(row, Kind::HeadCell);
            let set = Set { size: 9.0, align: column.align, tint: Tint::Green };
            let cell = self.cell(&[Span::bold(&column.title)], head, wide - 2.0 * PAD, set);
            parts.push((x + PAD, cell));
            x += wide;
        }
        let mut strip = beside(&parts, 4.0);
        let fill = Ink::Fill { x: 0.0, y: 0.0, width, height: strip.height, tint: Tint::Wash };
        strip.marks.insert(0, Mark { ink: fill, leaf: None });
        strip
    }

    fn row(
        &mut self,
        cells: &[Vec<Span>],
        row: usize,
        columns: &[Column],
        widths: &[f32],
        size: f32,
    ) -> Strip {
        let mut parts = Vec::new();
        let mut x = 0.0;
        for ((spans, column), wide) in cells.iter().zip(columns).zip(widths) {
            let cell = self.part(row, Kind::Cell);
            let set = Set { size, align: column.align, tint: Tint::Ink };
            parts.push((x + PAD, self.cell(spans, cell, wide - 2.0 * PAD, set)));
            x += wide;
        }
        beside(&parts, 4.0)
    }

    /// Sums stand right, beside each other, and go together.
    fn totals(&mut self, table: &Table, parent: usize, width: f32) -> Vec<Strip> {
        if table.totals.is_empty() {
            return Vec::new();
        }
        let part = self.part(parent, Kind::Table);
        let mut strips = vec![Strip { with_next: true, ..gap(3.0) }];
        for (name, amount, last) in &table.totals {
            let row = self.part(part, Kind::Row);
            let (head, cell) = (self.part(row, Kind::RowHead), self.part(row, Kind::Cell));
            let size = if *last { 11.5 } else { TEXT };
            let span = |text: &str| vec![Span { text: text.to_owned(), bold: *last }];
            let set = Set {
                size,
                align: Align::Right,
                tint: if *last { Tint::Green } else { Tint::Ink },
            };
            let left = self.cell(&span(name), head, width * 0.7 - PAD, set);
            let right = self.cell(&span(amount), cell, width * 0.3 - PAD, set);
            let strip = beside(&[(0.0, left), (width * 0.7, right)], 2.0);
            strips.push(Strip { with_next: !last, ..strip });
        }
        strips
    }
}
