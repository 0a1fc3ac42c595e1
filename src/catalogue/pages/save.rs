//! The editor's forms, each with its own address.

use super::{
    editor::{Typed, render},
    form::{Fields, product_id, told},
};
use crate::{
    catalogue::{
        CatalogueError, Deps,
        edit::{EditedVariant, save_about, save_tiers, save_variants},
        model::{About, NewVariant, State, Step, Tier},
        step,
    },
    enterprises::SellerScope,
    kernel::{Cx, Errors, Gtin, ProductId, Text, VariantId},
    web::{Form, Page, PageError, go_with},
};
use axum::{
    extract::{Path, State as Part},
    response::Response,
};

/// Saved: back to the section. Refused: the editor with what was typed.
pub(super) async fn answer(
    (deps, cx, page, scope): (&Deps, &Cx, Page, &SellerScope),
    id: ProductId,
    section: (&'static str, &str),
    fields: Fields,
    outcome: Result<(), Errors>,
    line: Text,
) -> Result<Response, PageError> {
    match outcome {
        Ok(()) => {
            let to = format!("/ban-hang/san-pham/{id}#{}", section.1);
            Ok(go_with(&page, &to, line.get(page.lang)))
        }
        Err(errors) => {
            let typed = Typed { section: section.0, fields, errors };
            render(deps, cx, page, scope, id, typed).await
        }
    }
}

/// `POST /ban-hang/san-pham/{id}/noi-dung`
pub(in crate::catalogue) async fn about(
    Part(deps): Part<Deps>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    Path(id): Path<String>,
    Form { data: fields, .. }: Form<Fields>,
) -> Result<Response, PageError> {
    let id = product_id(&id)?;
    let mut line = Text::new("Đã lưu nội dung.", "Contents saved.");
    let outcome = match check_about(&deps, &fields, Errors::new(page.lang)) {
        Err(errors) => Err(errors),
        Ok(about) => {
            let version = fields.get("version").parse().unwrap_or(0);
            let mut tx = deps.db.begin().await?;
            let key = (scope.seller, id);
            match save_about(&mut tx, &cx, &deps.categories, key, version, &about).await {
                Ok(state) => {
                    tx.commit().await?;
                    if state == State::InReview {
                        line = Text::new(
                            "Đã lưu. Sản phẩm tạm ẩn và chờ duyệt lại.",
                            "Saved. The product is hidden until it has been reviewed again.",
                        );
                    }
                    Ok(())
                }
                Err(error) => Err(told(error, page.lang)?),
            }
        }
    };
    answer((&deps, &cx, page, &scope), id, ("about", "noi-dung"), fields, outcome, line).await
}

fn check_about(deps: &Deps, fields: &Fields, mut errors: Errors) -> Result<About, Errors> {
    let e = &mut errors;
    let mut about = About {
        category: fields.get("category").to_owned(),
        name: fields.text(e, "name", 200),
        name_en: fields.text(e, "name_en", 200),
        description: fields.text(e, "description", 20_000),
        brand: fields.text(e, "brand", 100),
        origin_commune: Some(fields.get("origin").to_owned()).filter(|code| !code.is_empty()),
        unit: fields.text(e, "unit", 20),
        tax_bps: i32::try_from(fields.number(e, "tax", 0..=1000, None)).unwrap_or_default(),
        lead_days: i32::try_from(fields.number(e, "lead", 0..=365, None)).unwrap_or_default(),
        ..About::default()
    };
    e.check(!fields.get("name").is_empty(), "name", "Thiếu tên sản phẩm.", "The name is missing.");
    e.check(!fields.get("unit").is_empty(), "unit", "Thiếu đơn vị tính.", "The unit is missing.");
    let leaf = deps.categories.get(&about.category).is_some_and(|c| c.is_leaf);
    e.check(leaf, "category", "Chọn một ngành hàng.", "Choose a category.");
    let known = about.origin_commune.as_deref().is_none_or(|c| deps.places.commune(c).is_some());
    e.check(known, "origin", "Không có xã, phường này.", "There is no such commune.");
    e.check(
        [0, 500, 800, 1000].contains(&about.tax_bps),
        "tax",
        "Chọn một mức thuế.",
        "Choose a rate.",
    );
    for (key, value) in fields.under("fact.") {
        if !value.is_empty() && deps.categories.fact(key).is_some() {
            fields.text(e, &format!("fact.{key}"), 500);
            about.facts.insert(key.to_owned(), value.to_owned());
        }
    }
    let (key, value) = (fields.get("more_key"), fields.text(e, "more_value", 500));
    if deps.categories.fact(key).is_some() && !value.is_empty() {
        about.facts.insert(key.to_owned(), value);
    }
    if errors.is_empty() { Ok(about) } else { Err(errors) }
}

/// `POST /ban-hang/san-pham/{id}/phan-loai`
pub(in crate::catalogue) async fn variants(
    Part(deps): Part<Deps>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    Path(id): Path<String>,
    Form { data: fields, .. }: Form<Fields>,
) -> Result<Response, PageError> {
    let id = product_id(&id)?;
    let outcome = match check_variants(&fields, Errors::new(page.lang)) {
        Err(errors) => Err(errors),
        Ok(rows) => {
            let version = fields.get("version").parse().unwrap_or(0);
            let mut tx = deps.db.begin().await?;
            match save_variants(&mut tx, &cx, (scope.seller, id), version, &rows).await {
                Ok(()) => {
                    tx.commit().await?;
                    Ok(())
                }
                Err(error) => Err(told(error, page.lang)?),
            }
        }
    };
    let line = Text::new("Đã lưu phân loại, giá và tồn kho.", "Variants, prices and stock saved.");
    answer((&deps, &cx, page, &scope), id, ("variants", "phan-loai"), fields, outcome, line).await
}

fn check_variants(fields: &Fields, mut errors: Errors) -> Result<Vec<EditedVariant>, Errors> {
    let mut rows = Vec::new();
    for id in fields.all("id") {
        let Ok(variant) = id.parse::<VariantId>() else { continue };
        let seen = super::form::whole(fields.get(&format!("stock0.{id}")));
        rows.push(EditedVariant {
            id: Some(variant),
            form: variant_form(fields, id, &mut errors, seen),
            stock_seen: seen,
            remove: fields.has(&format!("remove.{id}")),
        });
    }
    let begun =
        ["sku", "label", "price"].iter().any(|f| !fields.get(&format!("{f}.new")).is_empty());
    if begun {
        let form = variant_form(fields, "new", &mut errors, Some(0));
        rows.push(EditedVariant { id: None, form, stock_seen: None, remove: false });
    }
    if errors.is_empty() { Ok(rows) } else { Err(errors) }
}

pub(super) fn variant_form(
    fields: &Fields,
    id: &str,
    errors: &mut Errors,
    stock: Option<i64>,
) -> NewVariant {
    let name = |field: &str| format!("{field}.{id}");
    let sku = fields.text(errors, &name("sku"), 80);
    errors.check(
        !fields.get(&name("sku")).is_empty(),
        &name("sku"),
        "Thiếu mã hàng.",
        "The SKU is missing.",
    );
    let price = fields.amount(errors, &name("price"));
    errors.check(
        !fields.get(&name("price")).is_empty(),
        &name("price"),
        "Thiếu giá bán lẻ.",
        "The retail price is missing.",
    );
    let list_price = fields.amount(errors, &name("list"));
    let above = list_price.is_none_or(|list| price.is_some_and(|price| list > price));
    errors.check(
        above,
        &name("list"),
        "Giá gốc phải cao hơn giá bán.",
        "The price before reduction must be higher than the price.",
    );
    let gtin = match fields.get(&name("gtin")) {
        "" => None,
        typed => errors.take(&name("gtin"), Gtin::parse(typed)).map(|g| g.as_str().to_owned()),
    };
    NewVariant {
        sku,
        label: fields.text(errors, &name("label"), 100),
        price: price.unwrap_or_default(),
        list_price,
        weight_g: i32::try_from(fields.number(errors, &name("weight"), 0..=100_000_000, Some(0)))
            .unwrap_or_default(),
        gtin,
        stock: fields.number(errors, &name("stock"), 0..=1_000_000_000, Some(stock.unwrap_or(0))),
        tiers: Vec::new(),
    }
}

/// `POST /ban-hang/san-pham/{id}/gia-si`
pub(in crate::catalogue) async fn tiers(
    Part(deps): Part<Deps>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    Path(id): Path<String>,
    Form { data: fields, .. }: Form<Fields>,
) -> Result<Response, PageError> {
    let id = product_id(&id)?;
    let outcome = match check_tiers(&fields, Errors::new(page.lang)) {
        Err(errors) => Err(errors),
        Ok(rows) => {
            let mut tx = deps.db.begin().await?;
            match save_tiers(&mut tx, &cx, (scope.seller, id), &rows).await {
                Ok(()) => {
                    tx.commit().await?;
                    Ok(())
                }
                Err(error) => Err(told(error, page.lang)?),
            }
        }
    };
    let line = Text::new("Đã lưu giá cho doanh nghiệp.", "Prices for firms saved.");
    answer((&deps, &cx, page, &scope), id, ("tiers", "gia-si"), fields, outcome, line).await
}

fn check_tiers(fields: &Fields, mut errors: Errors) -> Result<Vec<(VariantId, Vec<Tier>)>, Errors> {
    let mut found = Vec::new();
    for id in fields.all("id") {
        let Ok(variant) = id.parse::<VariantId>() else { continue };
        let (from, price) = (format!("from.{id}"), format!("tier.{id}"));
        let mut tiers = Vec::new();
        for (from, price) in fields.all(&from).zip(fields.all(&price)).take(20) {
            if from.trim().is_empty() && price.trim().is_empty() {
                continue;
            }
            let quantity = super::form::whole(from).and_then(|n| i32::try_from(n).ok());
            let price = super::form::whole(price).filter(|p| *p <= 1_000_000_000_000);
            match (quantity, price) {
                (Some(min_quantity), Some(price)) => {
                    tiers.push(Tier { min_quantity, price: crate::kernel::Vnd(price) });
                }
                _ => errors.add("form", CatalogueError::BadTiers.text()),
            }
        }
        found.push((variant, tiers));
    }
    if errors.is_empty() { Ok(found) } else { Err(errors) }
}

/// `POST /ban-hang/san-pham/{id}/trang-thai`
pub(in crate::catalogue) async fn state(
    Part(deps): Part<Deps>,
    cx: Cx,
    page: Page,
    scope: SellerScope,
    Path(id): Path<String>,
    Form { data: fields, .. }: Form<Fields>,
) -> Result<Response, PageError> {
    let id = product_id(&id)?;
    let step = Step::of(fields.get("act"))
        .filter(|step| matches!(step, Step::Submit | Step::Withdraw | Step::Unlist | Step::Relist))
        .ok_or_else(PageError::not_found)?;
    let mut tx = deps.db.begin().await?;
    let taken = step::by_seller(&mut tx, &cx, &deps.categories, scope.seller, id, step).await;
    let outcome = match taken {
        Ok(_) => {
            tx.commit().await?;
            Ok(())
        }
        Err(error) => {
            drop(tx);
            Err(told(error, page.lang)?)
        }
    };
    let line = match step {
        Step::Submit => Text::new(
            "Đã gửi duyệt. Bạn sẽ nhận thư khi có kết quả.",
            "Sent for review. You will get a mail with the outcome.",
        ),
        Step::Withdraw => Text::new("Đã rút về bản nháp.", "Taken back to draft."),
        Step::Unlist => Text::new("Đã tạm ẩn sản phẩm.", "The product is hidden."),
        _ => Text::new("Sản phẩm đã lên sàn lại.", "The product is on sale again."),
    };
    answer((&deps, &cx, page, &scope), id, ("state", "trang-thai"), fields, outcome, line).await
}
