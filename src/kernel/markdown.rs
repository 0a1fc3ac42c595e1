//! Descriptions are written in Markdown and shown as HTML that can do no harm.

/// Renders Markdown and keeps only harmless elements: no scripts, styles, frames, pictures or ids;
/// links carry `rel="nofollow ugc noopener"`. Headings begin at `h3`, below the page's own.
#[must_use]
pub fn safe_html(markdown: &str) -> String {
    let options =
        pulldown_cmark::Options::ENABLE_TABLES | pulldown_cmark::Options::ENABLE_STRIKETHROUGH;
    let parser = pulldown_cmark::Parser::new_ext(markdown, options).map(lower_headings);
    let mut html = String::new();
    pulldown_cmark::html::push_html(&mut html, parser);
    ammonia::Builder::default()
        .rm_tags(["img", "map", "area", "details", "summary", "h1", "h2"])
        .rm_tag_attributes("a", ["hreflang"])
        .generic_attributes(std::collections::HashSet::new())
        .url_schemes(["https", "http", "mailto", "tel"].into())
        .link_rel(Some("nofollow ugc noopener"))
        .clean(&html)
        .to_string()
}

fn lower_headings(event: pulldown_cmark::Event<'_>) -> pulldown_cmark::Event<'_> {
    use pulldown_cmark::{Event, HeadingLevel, Tag, TagEnd};
    let lower = |level| if level <= HeadingLevel::H3 { HeadingLevel::H3 } else { level };
    match event {
        Event::Start(Tag::Heading { level, .. }) => Event::Start(Tag::Heading {
            level: lower(level),
            id: None,
            classes: Vec::new(),
            attrs: Vec::new(),
        }),
        Event::End(TagEnd::Heading(level)) => Event::End(TagEnd::Heading(lower(level))),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::safe_html;

    #[test]
    fn what_is_written_cannot_act() {
        let html = safe_html(
            "# Cà phê\n\n<script>alert(1)</script>\n\n**thơm** [x](javascript:alert(1)) <b style=\"x\" onclick=\"y\">b</b>",
        );
        insta::assert_snapshot!(html, @r#"
        <h3>Cà phê</h3>

        <p><strong>thơm</strong> <a rel="nofollow ugc noopener">x</a> <b>b</b></p>
        "#);
    }
}
