//! Suggestions while typing, with the keyboard alone.

use super::{
    PATIENCE,
    chrome::Chrome,
    market::{goods, stall},
    support::World,
};
use fantoccini::key::Key;
use serde_json::Value;
use std::time::Duration;
use tokio::time::{sleep, timeout};

/// What the search box tells a screen reader.
async fn told(chrome: &Chrome, attribute: &str) -> String {
    let input = chrome.find("#q").await;
    input.attr(attribute).await.unwrap().unwrap_or_default()
}

/// Waits until the search box tells this.
async fn tells(chrome: &Chrome, attribute: &str, value: &str) {
    for _ in 0..50 {
        if told(chrome, attribute).await == value {
            return;
        }
        sleep(Duration::from_millis(100)).await;
    }
    panic!("{attribute} is {:?}, not {value:?}", told(chrome, attribute).await);
}

async fn runs(chrome: &Chrome, script: &str) -> Value {
    chrome.client.execute(script, Vec::new()).await.unwrap()
}

async fn types_and_chooses() {
    let world = World::new().await;
    let shop = stall(&world, "Nón Bến Hải", "3299491692", None).await;
    goods(&world, &shop, "Nón lá Bến Hải", 85_000, 10).await;
    goods(&world, &shop, "Nón lá thêu", 95_000, 10).await;
    world.run_jobs().await;
    world.app.search.catch_up().await.unwrap();
    let chrome = Chrome::phone(true).await;
    chrome.load_axe().await;
    chrome.open(&world.base).await;
    let press = async |keys: &str| chrome.find("#q").await.send_keys(keys).await.unwrap();
    let key = |key: Key| char::from(key).to_string();

    press("non l").await;
    chrome.find("#q-list:not([hidden]) [role=option]").await;
    tells(&chrome, "aria-expanded", "true").await;
    chrome.fits().await;
    let wrong = chrome.axe(false).await;
    assert!(wrong.is_empty(), "{wrong:?}");
    let said =
        runs(&chrome, "return document.querySelector('.search [role=status]').textContent").await;
    let options =
        runs(&chrome, "return document.querySelectorAll('#q-list [role=option]').length").await;
    assert_eq!(said, format!("{options} gợi ý"));

    // Down from the box to the first, up over the box to the last.
    press(&key(Key::Down)).await;
    assert_eq!(told(&chrome, "aria-activedescendant").await, "q-list-0");
    let chosen = "return document.querySelector('#q-list [aria-selected=true]').id";
    assert_eq!(runs(&chrome, chosen).await, "q-list-0");
    press(&(key(Key::Up) + &key(Key::Up))).await;
    let last = options.as_u64().unwrap() - 1;
    assert_eq!(told(&chrome, "aria-activedescendant").await, format!("q-list-{last}"));
    // Escape closes and keeps what was typed; Down opens again.
    press(&key(Key::Escape)).await;
    tells(&chrome, "aria-expanded", "false").await;
    assert_eq!(runs(&chrome, "return document.querySelector('#q').value").await, "non l");
    press(&key(Key::Down)).await;
    tells(&chrome, "aria-expanded", "true").await;
    // Enter follows the link.
    press(&(key(Key::Up) + &key(Key::Up) + &key(Key::Enter))).await;
    chrome.leaves("/").await;
    let at = chrome.client.current_url().await.unwrap();
    assert!(at.path().starts_with("/san-pham/non-la"), "{at}");

    // With nothing chosen, Enter sends the form.
    press("theu").await;
    chrome.find("#q-list:not([hidden]) [role=option]").await;
    press(&key(Key::Enter)).await;
    chrome.shows("Kết quả cho “theu”").await;
    // Nothing typed, nothing suggested; a press on a suggestion follows it.
    chrome.find("#q").await.clear().await.unwrap();
    press("ben h").await;
    chrome.click("#q-list a[href^='/gian-hang/']").await;
    chrome.shows("Thông tin người bán").await;
    chrome.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn suggestions_are_chosen_by_keys() {
    timeout(PATIENCE, types_and_chooses()).await.expect("in time");
}
