//! Where everything stands: blocks become strips that no page's end cuts, strips fill pages.

mod pages;
mod tables;

use super::{
    Align, Block, Paper, Span,
    text::{self, Line, Run},
};

const LEAD: f32 = 1.42;
const TEXT: f32 = 10.0;
const PAD: f32 = 5.0;

/// A colour of the house.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tint {
    Ink,
    Soft,
    Green,
    Line,
    Wash,
}

/// What is drawn, from the strip's upper left corner.
#[derive(Debug, Clone)]
pub(super) enum Ink {
    /// `y` is the line on which letters stand.
    Text {
        x: f32,
        y: f32,
        run: Run,
        size: f32,
        tint: Tint,
    },
    Rule {
        x: f32,
        y: f32,
        width: f32,
        thick: f32,
        tint: Tint,
    },
    Fill {
        x: f32,
        y: f32,
        width: f32,
        height: f32,
        tint: Tint,
    },
    Frame {
        x: f32,
        y: f32,
        width: f32,
        height: f32,
        tint: Tint,
    },
    Qr {
        x: f32,
        y: f32,
        width: f32,
        payload: String,
    },
}

/// Ink, and the leaf of the tree of tags that it belongs to; `None` is decoration.
#[derive(Debug, Clone)]
pub(super) struct Mark {
    pub(super) ink: Ink,
    pub(super) leaf: Option<usize>,
}

/// What a part is, for whoever hears the paper instead of seeing it.
#[derive(Debug, Clone)]
pub(super) enum Kind {
    Root,
    Title(String),
    Heading(String),
    Paragraph,
    Table,
    Row,
    HeadCell,
    RowHead,
    Cell,
    Figure(String),
}

/// One part with what lies in it.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) kind: Kind,
    pub(super) children: Vec<Child>,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Child {
    Part(usize),
    Leaf(usize),
}

/// A piece of paper across the page that is not cut.
#[derive(Debug, Clone, Default)]
struct Strip {
    height: f32,
    marks: Vec<Mark>,
    /// Not the last on its page.
    with_next: bool,
    /// Which header is shown again above it on a new page.
    header: Option<usize>,
}

/// All pages.
pub(super) struct Sheets {
    pub(super) width: f32,
    pub(super) height: f32,
    pub(super) left: f32,
    pub(super) right: f32,
    /// Marks with their place on the page.
    pub(super) pages: Vec<Vec<Mark>>,
    /// The first is the root.
    pub(super) parts: Vec<Part>,
    pub(super) leaves: usize,
}

struct Maker {
    parts: Vec<Part>,
    leaves: usize,
    headers: Vec<Strip>,
}

/// Lays a paper out.
pub(super) fn sheets(paper: &Paper) -> Sheets {
    let (width, height) = pages::sheet(paper.meta.size);
    let (left, right, top, bottom) = pages::edges(paper.meta.size);
    let mut maker = Maker {
        parts: vec![Part { kind: Kind::Root, children: Vec::new() }],
        leaves: 0,
        headers: Vec::new(),
    };
    let strips = maker.blocks(&paper.blocks, 0, width - left - right);
    let pages = pages::fill(&strips, &maker.headers, left, top, height - bottom);
    let Maker { parts, leaves, .. } = maker;
    Sheets { width, height, left, right, pages, parts, leaves }
}

fn moved(mut mark: Mark, dx: f32, dy: f32) -> Mark {
    match &mut mark.ink {
        Ink::Text { x, y, .. }
        | Ink::Rule { x, y, .. }
        | Ink::Fill { x, y, .. }
        | Ink::Frame { x, y, .. }
        | Ink::Qr { x, y, .. } => {
            *x += dx;
            *y += dy;
        }
    }
    mark
}

fn gap(height: f32) -> Strip {
    Strip { height, ..Strip::default() }
}

/// How a text is set.
#[derive(Clone, Copy)]
struct Set {
    size: f32,
    align: Align,
    tint: Tint,
}

const BODY: Set = Set { size: TEXT, align: Align::Left, tint: Tint::Ink };

impl Maker {
    fn part(&mut self, parent: usize, kind: Kind) -> usize {
        let at = self.parts.len();
        self.parts.push(Part { kind, children: Vec::new() });
        self.parts[parent].children.push(Child::Part(at));
        at
    }

    fn leaf(&mut self, part: usize) -> usize {
        let at = self.leaves;
        self.leaves += 1;
        self.parts[part].children.push(Child::Leaf(at));
        at
    }

    fn blocks(&mut self, blocks: &[Block], parent: usize, width: f32) -> Vec<Strip> {
        blocks.iter().flat_map(|block| self.block(block, parent, width)).collect()
    }

    fn block(&mut self, block: &Block, parent: usize, width: f32) -> Vec<Strip> {
        match block {
            Block::Title(text) => {
                let part = self.part(parent, Kind::Title(text.clone()));
                let set = Set { size: 16.0, align: Align::Centre, tint: Tint::Green };
                let lines = self.lines(&[Span::bold(text)], part, width, set);
                held([vec![gap(4.0)], lines, vec![gap(3.0)]].concat())
            }
            Block::Heading(text) => {
                let part = self.part(parent, Kind::Heading(text.clone()));
                let set = Set { size: 11.0, align: Align::Left, tint: Tint::Green };
                let lines = self.lines(&[Span::bold(text)], part, width, set);
                held([vec![gap(9.0)], lines, vec![gap(2.5)]].concat())
            }
            Block::Text { spans, size, align, soft } => {
                let part = self.part(parent, Kind::Paragraph);
                let tint = if *soft { Tint::Soft } else { Tint::Ink };
                let set = Set { size: *size, align: *align, tint };
                let mut strips = self.lines(spans, part, width, set);
                // No line stands alone at a page's edge.
                let count = strips.len();
                if let Some(first) = strips.first_mut().filter(|_| count > 1) {
                    first.with_next = true;
                }
                if count > 2 {
                    strips[count - 2].with_next = true;
                }
                strips.push(gap(size * 0.3));
                strips
            }
            Block::Facts(facts) => self.facts(facts, parent, width),
            Block::Table(table) => self.table(table, parent, width),
            Block::Columns(columns) => vec![self.columns(columns, parent, width)],
            Block::Framed(blocks) => vec![self.framed(blocks, parent, width)],
            Block::Qr { payload, width: side, alt } => {
                let part = self.part(parent, Kind::Figure(alt.clone()));
                let leaf = Some(self.leaf(part));
                let x = ((width - side) / 2.0).max(0.0);
                let ink = Ink::Qr { x, y: 0.0, width: *side, payload: payload.clone() };
                let marks = vec![Mark { ink, leaf }];
                vec![Strip { height: side + 4.0, marks, with_next: true, header: None }]
            }
            Block::Signatures(people) => self.signatures(people, parent, width),
            Block::Rule => {
                let ink = Ink::Rule { x: 0.0, y: 4.0, width, thick: 0.7, tint: Tint::Line };
                vec![Strip {
                    height: 9.0,
                    marks: vec![Mark { ink, leaf: None }],
                    ..Strip::default()
                }]
            }
            Block::Space(height) => vec![gap(*height)],
        }
    }

    /// One strip a line.
    fn lines(&mut self, spans: &[Span], part: usize, width: f32, set: Set) -> Vec<Strip> {
        let leaf = self.leaf(part);
        let lines = text::lines(spans, set.size, width);
        lines.iter().map(|line| line_strip(line, leaf, width, set)).collect()
    }

    /// The same as one strip that is not cut.
    fn cell(&mut self, spans: &[Span], part: usize, width: f32, set: Set) -> Strip {
        stacked(self.lines(spans, part, width, set))
    }

    fn columns(&mut self, columns: &[Vec<Block>], parent: usize, width: f32) -> Strip {
        const BETWEEN: f32 = 18.0;
        let count = columns.len().max(1) as f32;
        let wide = (width - BETWEEN * (count - 1.0)) / count;
        let mut parts = Vec::new();
        for (at, blocks) in columns.iter().enumerate() {
            let strip = stacked(self.blocks(blocks, parent, wide));
            parts.push((at as f32 * (wide + BETWEEN), strip));
        }
        beside(&parts, 0.0)
    }

    fn framed(&mut self, blocks: &[Block], parent: usize, width: f32) -> Strip {
        const ROOM: f32 = 10.0;
        let inner = stacked(self.blocks(blocks, parent, width - 2.0 * ROOM));
        let mut strip = beside(&[(ROOM, inner)], ROOM);
        let frame = Ink::Frame { x: 0.0, y: 0.0, width, height: strip.height, tint: Tint::Ink };
        strip.marks.push(Mark { ink: frame, leaf: None });
        strip.height += 8.0;
        strip
    }

    fn signatures(
        &mut self,
        people: &[(String, String, String)],
        parent: usize,
        width: f32,
    ) -> Vec<Strip> {
        let wide = width / people.len().max(1) as f32;
        let mut parts = Vec::new();
        for (at, (who, how, there)) in people.iter().enumerate() {
            let part = self.part(parent, Kind::Paragraph);
            let centred = |size, tint| Set { size, align: Align::Centre, tint };
            let strips = vec![
                self.cell(&[Span::bold(who)], part, wide - PAD, centred(TEXT, Tint::Ink)),
                self.cell(&[Span::of(how)], part, wide - PAD, centred(8.5, Tint::Soft)),
                gap(52.0),
                self.cell(&[Span::bold(there)], part, wide - PAD, centred(TEXT, Tint::Ink)),
            ];
            parts.push((at as f32 * wide, stacked(strips)));
        }
        vec![gap(8.0), beside(&parts, 0.0)]
    }
}

fn line_strip(line: &Line, leaf: usize, width: f32, set: Set) -> Strip {
    let free = (width - line.width(set.size)).max(0.0);
    let mut x = match set.align {
        Align::Left => 0.0,
        Align::Centre => free / 2.0,
        Align::Right => free,
    };
    let y = set.size * 1.06;
    let mut marks = Vec::with_capacity(line.runs.len());
    for run in &line.runs {
        let wide = run.width(set.size);
        if !run.text.is_empty() {
            let ink = Ink::Text { x, y, run: run.clone(), size: set.size, tint: set.tint };
            marks.push(Mark { ink, leaf: Some(leaf) });
        }
        x += wide;
    }
    Strip { height: set.size * LEAD, marks, ..Strip::default() }
}

/// All of them hold on to what follows.
fn held(mut strips: Vec<Strip>) -> Vec<Strip> {
    strips.iter_mut().for_each(|strip| strip.with_next = true);
    strips
}

/// Strips below each other as one.
fn stacked(strips: Vec<Strip>) -> Strip {
    let mut whole = Strip::default();
    for strip in strips {
        let dy = whole.height;
        whole.marks.extend(strip.marks.into_iter().map(|mark| moved(mark, 0.0, dy)));
        whole.height += strip.height;
    }
    whole
}

/// Strips beside each other as one, with `room` above and below.
fn beside(parts: &[(f32, Strip)], room: f32) -> Strip {
    let mut whole = Strip::default();
    for (x, strip) in parts {
        whole.height = whole.height.max(strip.height);
        whole.marks.extend(strip.marks.iter().cloned().map(|mark| moved(mark, *x, room)));
    }
    whole.height += 2.0 * room;
    whole
}

fn underline(strip: &mut Strip, width: f32, thick: f32) {
    let ink = Ink::Rule { x: 0.0, y: strip.height, width, thick, tint: Tint::Line };
    strip.marks.push(Mark { ink, leaf: None });
}
