//! Writes laid-out pages as a file.

use super::{
    Meta,
    layout::{Child, Ink, Kind, Mark, Sheets, Tint},
    text::{self, Run},
};
use anyhow::{Context, anyhow};
use chrono::{Datelike, Timelike};
use krilla::{
    Document, SerializeSettings,
    color::rgb,
    configure::{Accessibility, Archival, ConfigurationBuilder},
    geom::{PathBuilder, Point, Rect},
    metadata::{DateTime, Metadata},
    outline::Outline,
    page::PageSettings,
    paint::{Fill, Stroke},
    surface::Surface,
    tagging::{
        Artifact, ArtifactType, ContentTag, Identifier, Node, SpanTag, TableHeaderScope, Tag,
        TagGroup, TagTree,
    },
};
use std::num::NonZeroU16;

fn rgb_of(tint: Tint) -> rgb::Color {
    match tint {
        Tint::Ink => rgb::Color::new(0x1b, 0x2a, 0x24),
        Tint::Soft => rgb::Color::new(0x55, 0x60, 0x5a),
        Tint::Green => rgb::Color::new(0x0d, 0x4a, 0x39),
        Tint::Line => rgb::Color::new(0xc9, 0xd3, 0xcd),
        Tint::Wash => rgb::Color::new(0xe2, 0xf0, 0xe8),
    }
}

fn metadata(meta: &Meta) -> Metadata {
    let at = meta.made_at;
    let number = |n: u32| u8::try_from(n).unwrap_or_default();
    let date = DateTime::new(u16::try_from(at.year()).unwrap_or_default())
        .month(number(at.month()))
        .day(number(at.day()))
        .hour(number(at.hour()))
        .minute(number(at.minute()))
        .second(number(at.second()))
        .utc_offset_hour(0)
        .utc_offset_minute(0);
    Metadata::new()
        .title(meta.title.clone())
        .authors(vec![meta.author.clone()])
        .language(meta.lang.to_owned())
        .creator("Sàn Tỉnh".to_owned())
        .creation_date(date)
}

/// The file's bytes.
pub(super) fn write(meta: &Meta, sheets: &Sheets) -> anyhow::Result<Vec<u8>> {
    let configuration = ConfigurationBuilder::new()
        .with_archival_validator(Archival::A2_A)
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .map_err(|error| anyhow!("{error:?}"))?;
    let settings = SerializeSettings { configuration, ..SerializeSettings::default() };
    let mut document = Document::new_with(settings);
    document.set_metadata(metadata(meta));
    document.set_outline(Outline::new());
    let mut leaves: Vec<Vec<Identifier>> = vec![Vec::new(); sheets.leaves];
    for (at, marks) in sheets.pages.iter().enumerate() {
        let size = PageSettings::from_wh(sheets.width, sheets.height).context("page size")?;
        let mut page = document.start_page_with(size);
        let mut surface = page.surface();
        for mark in marks {
            draw(&mut surface, mark, &mut leaves)?;
        }
        foot(&mut surface, meta, sheets, at);
        surface.finish();
        page.finish();
    }
    document.set_tag_tree(tree(meta, sheets, &mut leaves)?);
    document.finish().map_err(|error| anyhow!("{error:?}"))
}

fn draw(
    surface: &mut Surface<'_>,
    mark: &Mark,
    leaves: &mut [Vec<Identifier>],
) -> anyhow::Result<()> {
    let tag = match (&mark.leaf, &mark.ink) {
        (None, _) => ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout)),
        (Some(_), Ink::Qr { .. }) => ContentTag::Other,
        (Some(_), _) => ContentTag::Span(SpanTag::empty()),
    };
    let identifier = surface.start_tagged(tag);
    ink(surface, &mark.ink)?;
    surface.end_tagged();
    if let Some(leaf) = mark.leaf.and_then(|at| leaves.get_mut(at)) {
        leaf.push(identifier);
    }
    Ok(())
}

fn fill_with(surface: &mut Surface<'_>, tint: Tint) {
    surface.set_stroke(None);
    surface.set_fill(Some(Fill { paint: rgb_of(tint).into(), ..Fill::default() }));
}

fn text_at(surface: &mut Surface<'_>, (x, y): (f32, f32), run: &Run, size: f32, tint: Tint) {
    fill_with(surface, tint);
    let font = text::font(run.bold).font.clone();
    surface.draw_glyphs(Point::from_xy(x, y), &run.glyphs, font, &run.text, size, false);
}

fn rect(surface: &mut Surface<'_>, (x, y): (f32, f32), (width, height): (f32, f32)) {
    let mut path = PathBuilder::new();
    if let Some(rect) = Rect::from_xywh(x, y, width, height) {
        path.push_rect(rect);
    }
    if let Some(path) = path.finish() {
        surface.draw_path(&path);
    }
}

fn ink(surface: &mut Surface<'_>, ink: &Ink) -> anyhow::Result<()> {
    match ink {
        Ink::Text { x, y, run, size, tint } => text_at(surface, (*x, *y), run, *size, *tint),
        Ink::Rule { x, y, width, thick, tint } => {
            fill_with(surface, *tint);
            rect(surface, (*x, *y - thick / 2.0), (*width, *thick));
        }
        Ink::Fill { x, y, width, height, tint } => {
            fill_with(surface, *tint);
            rect(surface, (*x, *y), (*width, *height));
        }
        Ink::Frame { x, y, width, height, tint } => {
            surface.set_fill(None);
            let paint = rgb_of(*tint).into();
            surface.set_stroke(Some(Stroke { paint, width: 0.9, ..Stroke::default() }));
            rect(surface, (*x, *y), (*width, *height));
        }
        Ink::Qr { x, y, width, payload } => qr(surface, (*x, *y), *width, payload)?,
    }
    Ok(())
}

/// Dark squares as one path; neighbours in a row are one box.
fn qr(
    surface: &mut Surface<'_>,
    (x, y): (f32, f32),
    width: f32,
    payload: &str,
) -> anyhow::Result<()> {
    let code = qrcode::QrCode::with_error_correction_level(payload, qrcode::EcLevel::M)?;
    let side = code.width();
    let unit = width / side as f32;
    let dark = code.to_colors();
    let mut path = PathBuilder::new();
    for (line, row) in dark.chunks(side).enumerate() {
        let mut at = 0;
        for group in row.chunk_by(|a, b| a == b) {
            if group[0] == qrcode::Color::Dark {
                let place = (x + at as f32 * unit, y + line as f32 * unit);
                let found = Rect::from_xywh(place.0, place.1, group.len() as f32 * unit, unit);
                path.push_rect(found.context("square")?);
            }
            at += group.len();
        }
    }
    surface.set_stroke(None);
    surface.set_fill(Some(Fill { paint: rgb::Color::new(0, 0, 0).into(), ..Fill::default() }));
    if let Some(path) = path.finish() {
        surface.draw_path(&path);
    }
    Ok(())
}

/// The line at the foot of every page: what this is, and which page.
fn foot(surface: &mut Surface<'_>, meta: &Meta, sheets: &Sheets, at: usize) {
    const SIZE: f32 = 7.5;
    let y = sheets.height - 30.0;
    surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Footer)));
    fill_with(surface, Tint::Line);
    let wide = sheets.width - sheets.left - sheets.right;
    rect(surface, (sheets.left, y - 12.0), (wide, 0.5));
    let number = format!("{} {}/{}", meta.page_word, at + 1, sheets.pages.len());
    let number = Run::new(&number, false);
    let x = sheets.width - sheets.right - number.width(SIZE);
    text_at(surface, (sheets.left, y), &Run::new(&meta.foot, false), SIZE, Tint::Soft);
    text_at(surface, (x, y), &number, SIZE, Tint::Soft);
    surface.end_tagged();
}

fn tree(meta: &Meta, sheets: &Sheets, leaves: &mut [Vec<Identifier>]) -> anyhow::Result<TagTree> {
    let mut tree = TagTree::new().with_lang(Some(meta.lang.to_owned()));
    for node in nodes(sheets, 0, leaves)? {
        tree.push(node);
    }
    Ok(tree)
}

fn nodes(sheets: &Sheets, at: usize, leaves: &mut [Vec<Identifier>]) -> anyhow::Result<Vec<Node>> {
    let mut found = Vec::new();
    for child in &sheets.parts[at].children {
        match child {
            Child::Leaf(leaf) => {
                let marks = leaves.get_mut(*leaf).map(std::mem::take).unwrap_or_default();
                found.extend(marks.into_iter().map(Node::from));
            }
            Child::Part(part) => {
                let children = nodes(sheets, *part, leaves)?;
                if !children.is_empty() {
                    found.push(group(&sheets.parts[*part].kind, children)?.into());
                }
            }
        }
    }
    Ok(found)
}

fn group(kind: &Kind, children: Vec<Node>) -> anyhow::Result<TagGroup> {
    let level = |n: u16| NonZeroU16::new(n).context("level");
    Ok(match kind {
        Kind::Root => TagGroup::with_children(Tag::Div, children),
        Kind::Title(text) => {
            TagGroup::with_children(Tag::Hn(level(1)?, Some(text.clone())), children)
        }
        Kind::Heading(text) => {
            TagGroup::with_children(Tag::Hn(level(2)?, Some(text.clone())), children)
        }
        Kind::Paragraph => TagGroup::with_children(Tag::P, children),
        Kind::Table => TagGroup::with_children(Tag::Table, children),
        Kind::Row => TagGroup::with_children(Tag::TR, children),
        Kind::HeadCell => TagGroup::with_children(Tag::TH(TableHeaderScope::Column), children),
        Kind::RowHead => TagGroup::with_children(Tag::TH(TableHeaderScope::Row), children),
        Kind::Cell => TagGroup::with_children(Tag::TD, children),
        Kind::Figure(alt) => TagGroup::with_children(Tag::Figure(Some(alt.clone())), children),
    })
}
