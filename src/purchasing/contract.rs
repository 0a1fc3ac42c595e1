//! The contract of a purchase order: printed once, from what was frozen, and kept as it was printed.

use super::{
    delivery_note::{parties, signed},
    queries_papers::{self, Kept},
    read::{PoLine, Whole},
    routes::Deps,
};
use crate::{
    kernel::{Cx, Lang, Vnd, date, date_time},
    platform::pdf::{Block, Column, Meta, PageSize, Paper, Span, Table},
    web::{Page, PageError, press},
};
use bytes::Bytes;
use sha2::{Digest, Sha256};

/// The file of a confirmed order's contract: kept before, or printed and kept now.
///
/// # Errors
/// Not found before the seller has confirmed; a file that does not fit its digest.
pub(super) async fn kept(
    deps: &Deps,
    cx: &Cx,
    page: &Page,
    whole: &Whole,
) -> Result<Bytes, PageError> {
    if whole.head.confirmed_at.is_none() {
        return Err(PageError::not_found());
    }
    let before = queries_papers::contract(&mut *deps.db.acquire().await?, whole.head.id).await?;
    let contract = match before {
        Some(contract) => contract,
        None => {
            let lang = Lang::of(&whole.head.lang);
            let bytes = press::print(paper(whole, lang, page)).await?;
            let sha256 = Sha256::digest(&bytes).to_vec();
            let file_key =
                deps.files.keep(cx, "contracts", bytes).await.map_err(PageError::internal)?;
            let fresh = Kept { number: number(whole), file_key, sha256 };
            // Two who ask at once: the first one's is the contract.
            queries_papers::keep(&mut *deps.db.acquire().await?, cx, whole.head.id, &fresh).await?
        }
    };
    let bytes = deps.files.read(&contract.file_key).await.map_err(PageError::internal)?;
    let bytes = bytes.ok_or_else(PageError::not_found)?;
    if Sha256::digest(&bytes).as_slice() != contract.sha256 {
        return Err(PageError::internal(anyhow::anyhow!("{} was changed", contract.number)));
    }
    Ok(bytes)
}

fn number(whole: &Whole) -> String {
    format!("{}/HĐMB", whole.head.number)
}

fn paper(whole: &Whole, lang: Lang, page: &Page) -> Paper {
    let title =
        format!("{} {}", lang.t("Hợp đồng mua bán số", "Sales contract no."), number(whole));
    let mut blocks = head(whole, lang);
    let sides = (lang.t("BÊN BÁN", "THE SELLER"), lang.t("BÊN MUA", "THE BUYER"));
    blocks.push(parties(&whole.head, lang, sides));
    blocks.extend(goods(whole, lang));
    blocks.extend(articles(whole, lang));
    blocks.push(Block::small(format!(
        "{} {} ({}).",
        lang.t("Lập trên sàn giao dịch thương mại điện tử", "Made on the e-commerce floor"),
        page.site_name,
        page.site.base_url
    )));
    let sides =
        (lang.t("ĐẠI DIỆN BÊN BÁN", "FOR THE SELLER"), lang.t("ĐẠI DIỆN BÊN MUA", "FOR THE BUYER"));
    blocks.push(signed(lang, sides));
    let meta = Meta {
        foot: format!("{title} – {}", page.site_name),
        title,
        author: page.site_name.clone(),
        lang: lang.code(),
        made_at: whole.head.confirmed_at.unwrap_or(whole.head.issued_at),
        page_word: lang.t("Trang", "Page"),
        size: PageSize::A4,
    };
    Paper { meta, blocks }
}

fn head(whole: &Whole, lang: Lang) -> Vec<Block> {
    let number = format!("{} {}", lang.t("Số:", "No.:"), number(whole));
    let confirmed = whole.head.confirmed_at.map(date_time).unwrap_or_default();
    vec![
        Block::centred(vec![Span::bold("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")], 11.0),
        Block::centred(vec![Span::bold("Độc lập – Tự do – Hạnh phúc")], 10.5),
        Block::Space(8.0),
        Block::Title(lang.t("HỢP ĐỒNG MUA BÁN HÀNG HÓA", "CONTRACT OF SALE").to_owned()),
        Block::centred(vec![Span::bold(number)], 10.0),
        Block::plain(match lang {
            Lang::Vi => format!(
                "Bên mua phát hành đơn mua lúc {}, bên bán xác nhận lúc {confirmed}.",
                date_time(whole.head.issued_at)
            ),
            Lang::En => format!(
                "Issued by the buyer at {}, confirmed by the seller at {confirmed}.",
                date_time(whole.head.issued_at)
            ),
        }),
    ]
}

fn goods(whole: &Whole, lang: Lang) -> Vec<Block> {
    let po = &whole.head;
    let row = |(at, line): (usize, &PoLine)| {
        let mut name = vec![Span::bold(&line.name)];
        if !line.sku.is_empty() {
            name.push(Span::of(format!(" · {}", line.sku)));
        }
        vec![
            vec![Span::of((at + 1).to_string())],
            name,
            vec![Span::of(format!("{} {}", line.quantity_text(), line.unit))],
            vec![Span::of(line.unit_price.to_string())],
            vec![Span::of(super::read::percent(line.tax.0))],
            vec![Span::of(line.total.to_string())],
        ]
    };
    let sum = |label: &str, amount: Vnd, last| (label.to_owned(), amount.to_string(), last);
    let table = Table {
        columns: vec![
            Column::words(lang.t("STT", "No."), 0.9),
            Column::words(lang.t("Hàng hóa, dịch vụ", "Goods or service"), 5.0),
            Column::figures(lang.t("Số lượng", "Quantity"), 2.0),
            Column::figures(lang.t("Đơn giá", "Price"), 2.2),
            Column::figures(lang.t("Thuế", "VAT"), 1.1),
            Column::figures(lang.t("Thành tiền", "Amount"), 2.5),
        ],
        rows: whole.lines.iter().enumerate().map(row).collect(),
        totals: vec![
            sum(lang.t("Tiền hàng (đã gồm thuế)", "Goods (tax included)"), po.goods_total, false),
            sum(lang.t("Trong đó thuế GTGT", "Of which VAT"), po.tax_total, false),
            sum(lang.t("Phí giao hàng", "Delivery"), po.delivery_fee, false),
            sum(lang.t("TỔNG CỘNG", "TOTAL"), po.total, true),
        ],
    };
    vec![
        Block::Heading(lang.t("Điều 1. Hàng hóa và giá", "Article 1. Goods and prices").to_owned()),
        Block::Table(table),
        Block::text(vec![
            Span::of(lang.t("Bằng chữ: ", "In words (Vietnamese): ")),
            Span::bold(format!("{}.", po.total.in_words())),
        ]),
    ]
}

fn articles(whole: &Whole, lang: Lang) -> Vec<Block> {
    let po = &whole.head;
    let article = |vi: &str, en: &str| Block::Heading(lang.t(vi, en).to_owned());
    let mut delivery = format!("{}: {}.", lang.t("Nơi giao", "Place"), po.delivery_text);
    if let Some(day) = po.wanted_by {
        delivery +=
            &format!(" {}: {}.", lang.t("Giao xong trước ngày", "Complete before"), date(day));
    }
    let mut all = vec![
        article("Điều 2. Giao nhận", "Article 2. Delivery"),
        Block::plain(delivery),
        Block::plain(lang.t(
            "Hàng được giao một hoặc nhiều đợt, mỗi đợt có phiếu giao hàng ghi số thực nhận. Khi đã nhận đủ, bên mua nghiệm thu và hai bên lập biên bản.",
            "Goods come in one or more deliveries, each with a note of what was received. When all has been received, the buyer accepts it and a record is made.",
        )),
        article("Điều 3. Thanh toán", "Article 3. Payment"),
    ];
    all.extend(po.terms(lang).into_iter().map(|term| Block::plain(format!("– {term}."))));
    all.push(Block::plain(lang.t(
        "Tiền được chuyển thẳng tới tài khoản của bên bán với mã nội dung riêng cho từng đợt; sàn không giữ tiền. Chậm thanh toán thì chịu lãi theo Điều 306 Luật Thương mại 2005.",
        "Money is transferred to the seller's own account with a message of its own for each part; the floor never holds it. Late payment bears interest by Article 306 of the Commercial Law 2005.",
    )));
    all.extend([
        article("Điều 4. Hủy và tranh chấp", "Article 4. Cancellation and disputes"),
        Block::plain(lang.t(
            "Sau khi xác nhận, đơn chỉ được hủy khi hai bên đồng ý và chưa giao hàng; tiền đã trả được hoàn lại. Tranh chấp được thương lượng, không thành thì đưa ra Tòa án có thẩm quyền.",
            "Once confirmed, the order is cancelled only by agreement and before anything is sent; what was paid is given back. Disputes are settled by negotiation, failing that by the competent court.",
        )),
        Block::plain(lang.t(
            "Hợp đồng được giao kết bằng thông điệp dữ liệu (Luật Giao dịch điện tử 20/2023/QH15). Hai bên có thể ký số trên tệp này hoặc ký trên bản giấy.",
            "It was concluded by data messages (Law on Electronic Transactions 20/2023/QH15). Both sides may sign this file digitally, or on paper.",
        )),
    ]);
    all
}
