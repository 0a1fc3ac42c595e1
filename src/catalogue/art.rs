//! Drawings of goods: shown while there is no picture, so that no page has grey boxes.
//!
//! A drawing is an SVG with `{{tokens}}` for its colours; a tint is a row of `palettes.csv`.

use crate::platform::reference;
use include_dir::{Dir, include_dir};
use serde::Deserialize;
use std::{collections::HashMap, sync::LazyLock};

static DRAWINGS: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/data/demo/art");

/// What is drawn when there is no drawing of that name: a parcel.
const PARCEL: &str = r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 480 480"><rect width="480" height="480" fill="{{bg}}"/><circle cx="372" cy="108" r="46" fill="{{accent}}" opacity=".5"/><path d="M0 330Q150 270 300 316T480 292V480H0z" fill="{{bg2}}"/><ellipse cx="240" cy="402" rx="150" ry="16" fill="{{ink}}" opacity=".16"/><path d="M120 200 240 150l120 50v150L240 400 120 350z" fill="{{main}}"/><path d="M240 250v150l120-50V200z" fill="{{main2}}"/><path d="M120 200l120 50 120-50-120-50z" fill="{{main}}"/><path d="M120 200l120 50 120-50-120-50z" fill="white" opacity=".25"/><path d="M176 177l120 50v52l28-12v-52L204 165z" fill="{{accent}}"/></svg>"#;

#[derive(Deserialize)]
struct Palette {
    tint: String,
    bg: String,
    bg2: String,
    main: String,
    main2: String,
    accent: String,
    ink: String,
}

static PALETTES: LazyLock<HashMap<String, Palette>> = LazyLock::new(|| {
    let file = DRAWINGS.get_file("palettes.csv").and_then(|f| f.contents_utf8());
    let rows = reference::rows::<Palette>(file.unwrap_or_default()).unwrap_or_default();
    rows.into_iter().map(|p| (p.tint.clone(), p)).collect()
});

/// The drawing `name` in the colours of `tint`; `None` when there is no such tint.
#[must_use]
pub fn drawing(name: &str, tint: &str) -> Option<String> {
    let palette = PALETTES.get(tint)?;
    let plain = name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    let file = DRAWINGS.get_file(format!("{name}.svg")).filter(|_| plain);
    let mut svg = file.and_then(|f| f.contents_utf8()).unwrap_or(PARCEL).to_owned();
    for (token, colour) in [
        ("{{bg}}", &palette.bg),
        ("{{bg2}}", &palette.bg2),
        ("{{main}}", &palette.main),
        ("{{main2}}", &palette.main2),
        ("{{accent}}", &palette.accent),
        ("{{ink}}", &palette.ink),
    ] {
        svg = svg.replace(token, colour);
    }
    Some(svg)
}

/// A tint that always is the same for the same seed.
#[must_use]
pub(super) fn tint_for(seed: &str) -> &'static str {
    let mut tints: Vec<&str> = PALETTES.keys().map(String::as_str).collect();
    tints.sort_unstable();
    let hash =
        seed.bytes().fold(0x811c_9dc5_u32, |h, b| (h ^ u32::from(b)).wrapping_mul(0x0100_0193));
    tints.get(hash as usize % tints.len().max(1)).copied().unwrap_or("green")
}

/// The address of a picture's size, or of the drawing `art` (`coffee/green`) where there is none.
#[must_use]
pub fn picture(key: Option<&str>, art: &str, width: u32) -> String {
    match key {
        Some(key) => format!("/anh/{key}-{width}.webp"),
        None if art.is_empty() => "/tranh/box/stone.svg".to_owned(),
        None => format!("/tranh/{art}.svg"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_drawing_is_coloured_in_every_tint() {
        for tint in ["green", "berry", "stone"] {
            for name in ["coffee", "no-such-drawing"] {
                let svg = drawing(name, tint).unwrap();
                assert!(svg.starts_with("<svg") && !svg.contains("{{"), "{name}/{tint}: {svg}");
            }
        }
        assert_eq!(drawing("coffee", "no-such-tint"), None);
        assert!(drawing("../palettes", "green").unwrap().contains("M120 200"));
    }

    #[test]
    fn tints_are_steady_and_differ() {
        assert_eq!(tint_for("a"), tint_for("a"));
        let all: std::collections::HashSet<_> = (0..50).map(|n| tint_for(&n.to_string())).collect();
        assert!(all.len() > 4, "{all:?}");
    }
}
