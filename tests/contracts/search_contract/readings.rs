//! Rules 7 to 9: whatever is typed, what is taken for it, and what comes first.

use super::{asks, document, find, found, named, numbers, put, set, some};
use santinh::{
    kernel::fold,
    search::{Document, Group, Lexicon, Query, Reading, SearchIndex, Sort, lexicon},
};
use std::sync::Arc;

pub async fn rule_7_whatever_is_typed_is_answered(index: &dyn SearchIndex) {
    let hidden = Document { visible: false, ..document(2, "Nước mắm kín") };
    put(index, [document(1, "Nước mắm Cửa Việt"), hidden]).await;
    let long = ["x".repeat(10_000), "a ".repeat(5_000), "ắ".repeat(10_000), "'\"\\".repeat(3_000)];
    let odd = [
        "'; drop table x; --",
        "a & | ! ( ) :*",
        "visible = true OR visible = false",
        "\" OR price > 0",
        "-nước -mắm",
        "\"nước kín",
        "\\",
        "*",
        "name:nước",
        "\u{301}\u{301}",
        "\u{0}\u{1f}\u{7f}",
        "🐟🐟 \u{200d}",
        "鱼露 рыба",
        "\u{202e}mam",
        "1e999 NaN -0",
    ];
    for q in odd.into_iter().chain(long.iter().map(String::as_str)) {
        for exactly in [false, true] {
            let found = find(index, &Query { exactly, ..asks(q) }).await;
            assert!(!numbers(&found).contains(&2), "{}", &q.chars().take(40).collect::<String>());
        }
    }
    for q in ["", "   ", "…!?", "!!", "\"\"", "()"] {
        assert_eq!(set(index, &asks(q)).await, some([1]), "{q:?}: no words ask for everything");
    }
    for (q, wanted) in [("nước, mắm!", 1), ("\"nước\" (mắm)", 1), ("*mắm*", 1)] {
        assert_eq!(set(index, &asks(q)).await, some([wanted]), "{q}");
    }
}

pub async fn rule_8_slips_are_forgiven_and_told(index: &dyn SearchIndex) {
    let names = [
        "Điện thoại bàn phím lớn",
        "Chổi đót quét nhà",
        "Bánh chocolate hạnh nhân",
        "Gạo nếp cái hoa vàng",
        "Cà phê rang mộc",
    ];
    named(index, &names).await;
    for (q, wanted, meant) in [
        ("dien thaoi", 1, "dien thoai"),
        ("điện thoaii", 1, "dien thoai"),
        ("chopi dot", 2, "choi dot"),
        ("chocolte", 3, "chocolate"),
        ("banh chocolatte", 3, "banh chocolate"),
    ] {
        let found = find(index, &asks(q)).await;
        assert_eq!((numbers(&found), found.total), (vec![wanted], 1), "{q}");
        let Reading::Corrected { words: told, .. } = &found.reading else {
            panic!("{q}: {:?}", found.reading)
        };
        assert_eq!(fold(told), meant, "{q}");
        let last = meant.rsplit(' ').next().unwrap();
        assert!(found.words.iter().any(|word| word == last), "{q}: {:?}", found.words);
        assert!(set(index, &Query { exactly: true, ..asks(q) }).await.is_empty(), "{q}, exactly");
    }
    assert!(!found(index, "gio nep").await.is_empty(), "a short word is given up");
    for (q, wanted) in [("caf phee", 5), ("ca2 phe6", 5), ("caphe", 5), ("ga.o nếp", 4)] {
        assert!(found(index, q).await.contains(&wanted), "{q}");
    }
    let most = find(index, &asks("gạo nếp zzkqw")).await;
    assert_eq!((numbers(&most), most.reading), (vec![4], Reading::MostWords));
    let few = find(index, &asks("gạo zzkqw qqwzz wzqzk")).await;
    assert_eq!((numbers(&few), few.reading), (vec![4], Reading::SomeWords));
    let none = find(index, &asks("zzkqw qqwzz")).await;
    assert_eq!((none.total, none.reading), (0, Reading::AsTyped), "nothing is made of nothing");
    for q in ["gạo nếp zzkqw", "gạo zzkqw qqwzz wzqzk"] {
        assert!(set(index, &Query { exactly: true, ..asks(q) }).await.is_empty(), "{q}, exactly");
    }
}

pub async fn rule_8_the_operators_words_are_known(index: &dyn SearchIndex) {
    let names = [
        "Lợn gác bếp thịt mềm",
        "Heo quay giòn bì",
        "Lạc rang tỏi ớt",
        "Dầu đậu phộng ép lạnh",
        "Vừng đen rang",
        "Dầu gội cho mẹ và bé",
        "Cafe sữa hoà tan",
        "Cà phê rang mộc",
    ];
    named(index, &names).await;
    let group = |terms: &str, is_one_way| Group {
        terms: terms.split(", ").map(str::to_owned).collect(),
        is_one_way,
    };
    let groups = [
        group("heo, lợn", false),
        group("đậu phộng, lạc", false),
        group("mè, vừng", false),
        group("cà phê, cafe", false),
        group("ngũ cốc, vừng, lạc", true),
        group("heo, cafe", true),
    ];
    let lexicon = lexicon(&groups, &["cho".to_owned(), "và".to_owned()]);
    assert_eq!(set(index, &asks("heo")).await, some([2]), "not before they are learnt");
    index.learn(Arc::new(lexicon)).await.unwrap();
    for (q, wanted) in [
        ("heo", some([1, 2, 7])),
        ("lợn", some([1, 2])),
        ("ngũ cốc", some([3, 5])),
        ("ngu coc", some([3, 5])),
        ("vừng", some([5])),
        ("thịt heo", some([1])),
        ("đậu phộng", some([3, 4])),
        ("dau phong", some([3, 4])),
        ("lạc rang", some([3])),
        ("dầu lạc", some([4])),
        ("mè đen", some([5])),
        ("cafe", some([7, 8])),
        ("cà phê", some([7, 8])),
        ("ca phe", some([7, 8])),
        ("heo cho quay giòn", some([2])),
        ("dầu và gội", some([6])),
        ("cho", some([6])),
        ("và", some([6])),
    ] {
        let query = asks(q);
        assert_eq!(set(index, &query).await, wanted, "{q}");
        assert_eq!(find(index, &query).await.reading, Reading::AsTyped, "{q}");
    }
    assert!(!set(index, &asks("me")).await.contains(&5), "mẹ is not mè");
    let without = find(index, &asks("heo cho quay")).await;
    let told = (numbers(&without), without.reading);
    assert_eq!(told, (vec![2], Reading::MostWords), "without marks it may be any word");
    let both = Query { sort: Sort::Newest, ..asks("lợn") };
    assert_eq!(numbers(&find(index, &both).await), [2, 1]);
    index.learn(Arc::new(Lexicon::default())).await.unwrap();
    assert_eq!(set(index, &asks("heo")).await, some([2]), "and no longer once they are taken away");
}

pub async fn rule_9_fields_rank_in_their_order(index: &dyn SearchIndex) {
    let told = Document {
        description: "Hương tràm thoang thoảng".into(),
        ..document(1, "Nến thơm")
    };
    let made = Document { attributes: "Thành phần: tràm".into(), ..document(2, "Xà phòng") };
    let kind = Document { category_words: "Dầu tràm".into(), ..document(3, "Chai xoa bóp") };
    let name = document(4, "Dầu tràm nguyên chất");
    let coded = Document {
        codes: vec!["TRAM-01".into(), "8934567890123".into()],
        ..document(5, "Lược sừng")
    };
    let branded = Document {
        brand: "Hoa Nắng".into(),
        seller_name: "Lò Cụ Bảy".into(),
        ..document(6, "Mứt")
    };
    put(index, [told, made, kind, name, coded, branded]).await;
    let candle = document(7, "Nến sáp 77 giờ");
    let wax = Document { codes: vec!["SAP-77".into()], ..document(8, "Bánh đánh giày") };
    put(index, [candle, wax]).await;
    assert_eq!(found(index, "sap-77").await, [8, 7], "a whole code comes before words");
    for q in ["tràm", "tram", "trà"] {
        let all: Vec<u128> = found(index, q).await.into_iter().filter(|n| *n != 5).collect();
        let wanted = if q == "trà" { [4, 3, 2].as_slice() } else { &[4, 3, 2, 1] };
        assert!(all.starts_with(wanted), "{q}: {all:?}");
    }
    for (q, wanted) in
        [("dầu tràm", vec![4, 3]), ("thành phần tràm", vec![2]), ("hương tràm", vec![1])]
    {
        assert_eq!(found(index, q).await, wanted, "{q}");
    }
    for q in ["TRAM-01", "tram-01", "8934567890123", "hh-0006", "hoa nắng", "lo cu bay"] {
        let first = if q.starts_with(['h', 'l']) { 6 } else { 5 };
        assert_eq!(found(index, q).await.first(), Some(&first), "{q}");
    }
    let sized = ["Mật mía 500 g", "Mật mía 0,5 kg", "Mật mía 1kg"];
    put(index, sized.iter().zip(11..).map(|(name, n)| document(n, name))).await;
    for q in ["mật mía 500g", "mat mia 0.5kg"] {
        assert_eq!(set(index, &Query { exactly: true, ..asks(q) }).await, some([11, 12]), "{q}");
    }
    let gone = Document { in_stock: false, ..document(22, "Rổ mây") };
    put(index, [gone, document(21, "Rổ mây")]).await;
    assert_eq!(found(index, "rổ mây").await, [21, 22], "among equals what is in stock comes first");
}
