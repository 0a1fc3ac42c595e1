//! Rules 1 to 4: words are found, what may not be seen is not, and what is applied is there.

use super::{asks, document, find, found, named, numbers, put, set, shop, some, today};
use santinh::search::{Document, Query, Reading, SearchIndex, Setting};
use std::collections::{BTreeMap, BTreeSet};

pub async fn rule_1_words_are_found_without_their_marks(index: &dyn SearchIndex) {
    let names = [
        "Cà phê rang xay Khe Gió",
        "Đèn bàn học gỗ thông",
        "Đồng hồ bán chạy",
        "Sổ tay bạn đường",
        "Bánh đậu",
    ];
    named(index, &names).await;
    for (q, wanted) in [
        ("cà phê", some([1])),
        ("ca phe", some([1])),
        ("CÀ PHÊ", some([1])),
        ("Ca\u{300} phe\u{302}", some([1])),
        ("cà phe", some([1])),
        ("xay rang phê", some([1])),
        ("khe-gió", some([1])),
        ("dong ho", some([3])),
        ("đồng hồ", some([3])),
        ("duong", some([4])),
        ("ĐƯỜNG", some([4])),
        ("gỗ thong", some([2])),
        ("ban hoc", some([2])),
        ("đậu", some([5])),
    ] {
        assert_eq!(set(index, &asks(q)).await, wanted, "{q}");
    }
    let decomposed = document(6, "Me\u{323}t tre Ba\u{300}n Tha\u{323}ch");
    put(index, [decomposed]).await;
    assert_eq!(set(index, &asks("mẹt tre bàn thạch")).await, some([6]), "documents too");
    assert_eq!(set(index, &asks("ban")).await, some([2, 3, 4, 5, 6]), "and all that begin so");
    let all = Query { exactly: true, ..asks("cà phê đèn") };
    assert!(set(index, &all).await.is_empty(), "all words must be there");
    assert_eq!(find(index, &asks("cà phê")).await.reading, Reading::AsTyped);
    let words = find(index, &asks("Cà  PHÊ")).await.words;
    assert!(["ca", "phe"].iter().all(|word| words.iter().any(|w| w == word)), "{words:?}");
}

pub async fn rule_1_the_marks_typed_rank_first(index: &dyn SearchIndex) {
    let names = [
        "Đèn bàn học",
        "Đồng hồ bán chạy",
        "Sổ tay bạn đường",
        "Trà hoà tan",
        "Nước hoa hồng",
        "Áo Hòa Thọ",
    ];
    named(index, &names).await;
    for (q, first) in [("bàn", 1), ("bán", 2), ("bạn", 3), ("BÁN", 2), ("ba\u{323}n", 3)] {
        let all = found(index, q).await;
        assert_eq!((all.len(), all[0]), (3, first), "{q}: the others follow");
    }
    for q in ["hoà", "hòa"] {
        let all = found(index, q).await;
        assert_eq!((all.len(), all[2]), (3, 5), "{q}: the mark is the same on either letter");
    }
}

pub async fn rule_2_the_beginning_of_the_last_word_is_enough(index: &dyn SearchIndex) {
    named(index, &["Cà phê Khe Gió", "Đèn bàn học", "Nước mắm cá cơm Cửa Việt"]).await;
    for (q, wanted) in [
        ("ca ph", 1),
        ("khe g", 1),
        ("cà phê khe gi", 1),
        ("đèn b", 2),
        ("den h", 2),
        ("nuoc mam c", 3),
    ] {
        assert!(set(index, &asks(q)).await.contains(&wanted), "{q}");
    }
    let only_begun = Query { exactly: true, ..asks("ph ca") };
    assert!(set(index, &only_begun).await.is_empty(), "only of the last word");
}

pub async fn rule_3_hidden_and_lapsed_are_neither_found_nor_counted(index: &dyn SearchIndex) {
    let made =
        |n, commune: &str| Document { commune_code: commune.into(), ..document(n, "Chè vằng") };
    let hidden = Document { visible: false, ..made(1, "19430") };
    let lapsed = Document { lapses_on: Some(today()), ..made(2, "19431") };
    let soon = Document { lapses_on: today().succ_opt(), ..made(3, "19429") };
    put(index, [hidden, lapsed, soon, made(4, "19429")]).await;
    for q in ["chè vằng", ""] {
        let found = find(index, &asks(q)).await;
        assert_eq!(numbers(&found).into_iter().collect::<BTreeSet<_>>(), some([3, 4]), "{q:?}");
        assert_eq!(found.total, 2);
        assert_eq!(found.facets.communes, [("19429".to_owned(), 2)]);
        assert_eq!((found.facets.in_stock, found.facets.bands[2]), (2, 2));
        assert_eq!(found.facets.sellers, [(shop(1), 2)]);
    }
    let on = |today| Setting { today, ..Setting::default() };
    let tomorrow = index.find(&asks("che"), &on(today().succ_opt().unwrap())).await.unwrap();
    assert_eq!((tomorrow.total, tomorrow.facets.in_stock), (1, 1));
    let yesterday = index.find(&asks("che"), &on(today().pred_opt().unwrap())).await.unwrap();
    assert_eq!(yesterday.total, 3);
}

pub async fn rule_4_applying_replaces_and_versions_only_grow(index: &dyn SearchIndex) {
    let version = |version, name| Document { version, ..document(1, name) };
    assert_eq!(index.horizon().await.unwrap(), None, "it has to be built");
    assert!(index.versions().await.unwrap().is_empty());
    index.apply(vec![version(3, "Tiêu Cùa"), document(2, "Ớt bột")], 70).await.unwrap();
    assert_eq!(index.horizon().await.unwrap(), Some(70));
    index.apply(vec![version(3, "Tiêu sọ")], 71).await.unwrap();
    assert_eq!(found(index, "tieu").await, [1], "once");
    let exactly = async |q| set(index, &Query { exactly: true, ..asks(q) }).await;
    assert!(exactly("cùa").await.is_empty(), "the same version replaces");
    index.apply(vec![version(2, "Tiêu rừng")], 72).await.unwrap();
    assert!(exactly("rừng").await.is_empty(), "an older one does not");
    assert_eq!(found(index, "tiêu sọ").await, [1]);
    assert_eq!(index.horizon().await.unwrap(), Some(72), "which is told all the same");
    index.apply(vec![version(5, "Tiêu lốp")], 73).await.unwrap();
    assert_eq!((exactly("lốp").await, exactly("sọ").await), (some([1]), some([])));
    index.apply(vec![Document { visible: false, ..version(6, "Tiêu lốp") }], 74).await.unwrap();
    assert!(found(index, "tieu").await.is_empty());
    index.apply(vec![version(5, "Tiêu lốp")], 75).await.unwrap();
    assert!(found(index, "tieu").await.is_empty(), "nor after a removal");
    let versions: BTreeMap<_, _> = index.versions().await.unwrap().into_iter().collect();
    let wanted = [(document(1, "").product, 6), (document(2, "").product, 1)];
    assert_eq!(versions, wanted.into(), "what was removed is told too");
    index.apply(vec![version(7, "Tiêu xay")], 76).await.unwrap();
    assert_eq!(found(index, "tieu").await, [1], "a newer one brings it back");
    index.apply(Vec::new(), 80).await.unwrap();
    assert_eq!(index.horizon().await.unwrap(), Some(80));
    assert_eq!(index.versions().await.unwrap().len(), 2);
}
