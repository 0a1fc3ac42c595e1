//! Sheets of paper, and which strip comes on which.

use super::{Mark, Strip, moved};
use crate::platform::pdf::PageSize;

/// Edges of the page: left, right, top, bottom.
pub(super) const fn edges(size: PageSize) -> (f32, f32, f32, f32) {
    match size {
        PageSize::A4 => (62.0, 51.0, 48.0, 58.0),
        PageSize::A5 => (34.0, 34.0, 32.0, 46.0),
    }
}

/// Width and height.
pub(super) const fn sheet(size: PageSize) -> (f32, f32) {
    match size {
        PageSize::A4 => (595.28, 841.89),
        PageSize::A5 => (419.53, 595.28),
    }
}

/// Puts strips on pages from top to bottom.
pub(super) fn fill(
    strips: &[Strip],
    headers: &[Strip],
    left: f32,
    top: f32,
    end: f32,
) -> Vec<Vec<Mark>> {
    let mut pages = vec![Vec::new()];
    let mut y = top;
    for (at, strip) in strips.iter().enumerate() {
        // What holds on to the next moves with it.
        let follows = strips[at..].iter().scan(true, |held, s| {
            let taken = held.then_some(s.height);
            *held = s.with_next;
            taken
        });
        let needed: f32 = follows.sum::<f32>().min(end - top);
        if y + needed > end && y > top {
            pages.push(Vec::new());
            y = top;
            if let Some(header) = strip.header.and_then(|at| headers.get(at)) {
                put(&mut pages, header, left, y);
                y += header.height;
            }
        }
        put(&mut pages, strip, left, y);
        y += strip.height;
    }
    pages
}

fn put(pages: &mut [Vec<Mark>], strip: &Strip, dx: f32, dy: f32) {
    if let Some(page) = pages.last_mut() {
        page.extend(strip.marks.iter().cloned().map(|mark| moved(mark, dx, dy)));
    }
}
