//! schema.org data for search engines, as a data block that no browser runs.

use crate::{catalogue::Listing, enterprises::SellerFacts, reviews::Totals, web::Page};
use serde_json::{Value, json};

/// JSON inside HTML: `<` cannot end the block.
fn block(value: &Value) -> String {
    let text =
        value.to_string().replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026");
    format!("<script type=\"application/ld+json\">{text}</script>")
}

/// The canonical address, and product with its offers and its stars.
pub(super) fn product(
    page: &Page,
    listing: &Listing,
    seller: &SellerFacts,
    totals: &Totals,
) -> String {
    let url = page.full_url(&format!("/san-pham/{}", listing.slug));
    let offers: Vec<Value> = listing
        .variants
        .iter()
        .map(|v| {
            let stock = if v.available > 0 { "InStock" } else { "OutOfStock" };
            json!({
                "@type": "Offer",
                "sku": v.sku,
                "name": v.label,
                "price": v.price.0,
                "priceCurrency": "VND",
                "availability": format!("https://schema.org/{stock}"),
                "url": url,
                "seller": { "@type": "Organization", "name": seller.legal_name, "taxID": seller.tax_code },
            })
        })
        .collect();
    let picture = listing.picture(960);
    let mut data = json!({
        "@context": "https://schema.org",
        "@type": "Product",
        "name": listing.name_in(page.lang),
        "sku": listing.variants.first().map(|v| v.sku.as_str()),
        "brand": { "@type": "Brand", "name": if listing.brand.is_empty() { &listing.shop_name } else { &listing.brand } },
        "image": if picture.is_empty() { Vec::new() } else { vec![page.full_url(&picture)] },
        "offers": offers,
        "url": url,
    });
    if totals.count() > 0 {
        data["aggregateRating"] = json!({
            "@type": "AggregateRating",
            "ratingValue": totals.value(),
            "reviewCount": totals.count(),
        });
    }
    format!("<link rel=\"canonical\" href=\"{url}\">{}", block(&data))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_cannot_end_its_block() {
        let html = block(&json!({ "name": "</script><script>alert(1)</script>&" }));
        assert_eq!(html.matches("</script>").count(), 1);
        assert!(html.ends_with("</script>") && !html.contains("<script>"));
    }
}
