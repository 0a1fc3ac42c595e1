//! The house's font: how wide text is, and where its lines break.

use super::Span;
use krilla::text::{Font, GlyphId, KrillaGlyph};
use rustybuzz::{Direction, Face, Feature, UnicodeBuffer, ttf_parser::Tag};
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;

/// One weight, for measuring and for embedding.
pub(super) struct Weight {
    face: Face<'static>,
    pub(super) font: Font,
}

fn weight(bytes: &'static [u8]) -> Option<Weight> {
    Some(Weight { face: Face::from_slice(bytes, 0)?, font: Font::new(bytes.into(), 0)? })
}

static REGULAR: LazyLock<Option<Weight>> =
    LazyLock::new(|| weight(include_bytes!("../../../data/fonts/be-vietnam-pro-400.ttf")));
static BOLD: LazyLock<Option<Weight>> =
    LazyLock::new(|| weight(include_bytes!("../../../data/fonts/be-vietnam-pro-700.ttf")));

/// The weight that is asked for. The font is a part of the program, and a test reads both weights.
pub(super) fn font(bold: bool) -> &'static Weight {
    let found = if bold { &BOLD } else { &REGULAR };
    found.as_ref().expect("the embedded font")
}

/// Text in one weight, shaped: what is drawn, and how wide it is at size 1.
#[derive(Debug, Clone)]
pub(super) struct Run {
    pub(super) text: String,
    pub(super) bold: bool,
    pub(super) glyphs: Vec<KrillaGlyph>,
    width: f32,
}

impl Run {
    /// Shapes `text`. Letters that the font does not have become `?`.
    pub(super) fn new(text: &str, bold: bool) -> Self {
        let weight = font(bold);
        let known = |c: char| weight.face.glyph_index(c).is_some();
        let text: String = text.nfc().map(|c| if known(c) { c } else { '?' }).collect();
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(&text);
        buffer.guess_segment_properties();
        buffer.set_direction(Direction::LeftToRight);
        let even_digits = Feature::new(Tag::from_bytes(b"tnum"), 1, ..);
        let shaped = rustybuzz::shape(&weight.face, &[even_digits], buffer);
        let per_em = weight.font.units_per_em();
        let clusters: Vec<usize> =
            shaped.glyph_infos().iter().map(|info| info.cluster as usize).collect();
        let mut glyphs = Vec::with_capacity(clusters.len());
        let mut width = 0.0;
        for (at, (info, place)) in
            shaped.glyph_infos().iter().zip(shaped.glyph_positions()).enumerate()
        {
            let start = clusters[at];
            let end = clusters[at..].iter().copied().find(|c| *c > start).unwrap_or(text.len());
            let scaled = |units: i32| units as f32 / per_em;
            width += scaled(place.x_advance);
            glyphs.push(KrillaGlyph::new(
                GlyphId::new(info.glyph_id),
                scaled(place.x_advance),
                scaled(place.x_offset),
                scaled(place.y_offset),
                scaled(place.y_advance),
                start..end,
                None,
            ));
        }
        Self { text, bold, glyphs, width }
    }

    /// How wide it is at `size` points.
    pub(super) fn width(&self, size: f32) -> f32 {
        self.width * size
    }
}

/// One line: runs from left to right.
#[derive(Debug, Clone, Default)]
pub(super) struct Line {
    pub(super) runs: Vec<Run>,
}

impl Line {
    pub(super) fn width(&self, size: f32) -> f32 {
        self.runs.iter().map(|run| run.width(size)).sum()
    }
}

/// A word with the space behind it.
struct Word {
    text: String,
    bold: bool,
    width: f32,
    /// Without the space.
    inked: f32,
    /// A line ends behind it.
    ends: bool,
}

fn word(text: &str, bold: bool, size: f32, ends: bool) -> Word {
    let inked = Run::new(text.trim_end_matches(' '), bold).width(size);
    Word { text: text.to_owned(), bold, width: Run::new(text, bold).width(size), inked, ends }
}

/// Cuts a word that is wider than a line, such as an address of the web.
fn cut(text: &str, bold: bool, size: f32, width: f32, into: &mut Vec<Word>) {
    let mut part = String::new();
    for c in text.chars() {
        part.push(c);
        if Run::new(&part, bold).width(size) > width && part.chars().count() > 1 {
            part.pop();
            into.push(word(&part, bold, size, false));
            part = c.to_string();
        }
    }
    into.push(word(&part, bold, size, false));
}

fn words(spans: &[Span], size: f32, width: f32) -> Vec<Word> {
    let mut found = Vec::new();
    for span in spans {
        for line in span.text.split_inclusive('\n') {
            let (line, ends) = line.strip_suffix('\n').map_or((line, false), |line| (line, true));
            for text in line.split_inclusive(' ') {
                let one = word(text, span.bold, size, false);
                if one.inked > width {
                    cut(text, span.bold, size, width, &mut found);
                } else {
                    found.push(one);
                }
            }
            if ends {
                match found.last_mut() {
                    Some(last) => last.ends = true,
                    None => found.push(word("", span.bold, size, true)),
                }
            }
        }
    }
    found
}

/// Breaks text into lines that are at most `width` wide.
pub(super) fn lines(spans: &[Span], size: f32, width: f32) -> Vec<Line> {
    let mut lines: Vec<Vec<(String, bool)>> = vec![Vec::new()];
    let (mut used, mut begin) = (0.0, true);
    for word in words(spans, size, width) {
        if !begin && used + word.inked > width + 0.01 {
            lines.push(Vec::new());
            used = 0.0;
        }
        if let Some(line) = lines.last_mut() {
            match line.last_mut() {
                Some((text, bold)) if *bold == word.bold => text.push_str(&word.text),
                _ => line.push((word.text, word.bold)),
            }
        }
        used += word.width;
        begin = false;
        if word.ends {
            lines.push(Vec::new());
            (used, begin) = (0.0, true);
        }
    }
    let last = lines.len() - 1;
    let line = |(at, parts): (usize, Vec<(String, bool)>)| {
        let end = parts.len().saturating_sub(1);
        let run = |(i, (text, bold)): (usize, (String, bool))| {
            // The space at a line's end parts two words for whoever copies them; the last line needs none.
            let text = if at == last && i == end { text.trim_end() } else { &text };
            Run::new(text, bold)
        };
        Line { runs: parts.into_iter().enumerate().map(run).collect() }
    };
    lines.into_iter().enumerate().map(line).collect()
}
