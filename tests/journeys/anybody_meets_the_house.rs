//! Whoever comes: health, headers, errors in both languages, no 5xx for nonsense.

use crate::support::World;
use reqwest::StatusCode;

#[tokio::test]
async fn the_house_is_healthy_and_wears_its_headers() {
    let world = World::new().await;
    let answer = world.browser().get("/healthz").await.ok();
    let header = |name: &str| {
        answer.headers.get(name).map(|v| v.to_str().unwrap().to_owned()).unwrap_or_default()
    };
    assert!(header("content-security-policy").contains("default-src 'self'"));
    assert!(!header("content-security-policy").contains("unsafe"));
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert_eq!(header("x-frame-options"), "DENY");
}

#[tokio::test]
async fn errors_are_pages_in_the_readers_language() {
    let world = World::new().await;
    let reader = world.browser();
    let vi = reader.get("/khong-co-trang-nay").await.shows("Không tìm thấy");
    assert_eq!(vi.status, StatusCode::NOT_FOUND);
    let en = reader.get("/khong-co-trang-nay?lang=en").await.shows("Not found");
    assert_eq!(en.status, StatusCode::NOT_FOUND);
    reader.get("/khong-co").await.shows("Not found");
    for path in ["/%00", "/san-pham/%ff%fe", "/%2e%2e/%2e%2e/etc/passwd", "/static/../Cargo.toml"] {
        assert_eq!(reader.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn a_form_from_another_site_is_refused() {
    let world = World::new().await;
    for (name, value) in [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")] {
        let request =
            world.browser().http.post(format!("{}/gio-hang/them", world.base)).header(name, value);
        assert_eq!(request.send().await.unwrap().status(), StatusCode::FORBIDDEN, "{name}");
    }
}

#[tokio::test]
async fn a_collector_reads_how_the_house_does_and_strangers_do_not() {
    let world = World::new().await;
    let reader = world.browser();
    reader.get("/tim?q=ca+phe").await.ok();
    let told = reader.get("/metrics").await.ok().text;
    for line in [
        "santinh_http_request_seconds_count{route=\"/tim\",method=\"read\",status=\"200\"}",
        "santinh_search_drift 0",
        "santinh_jobs_failed 0",
    ] {
        assert!(told.contains(line), "{line} is missing in:\n{told}");
    }
    let by_proxy = reader.http.get(format!("{}/metrics", world.base));
    let by_proxy = by_proxy.header("x-forwarded-for", "9.9.9.9").send().await.unwrap();
    assert_eq!(by_proxy.status(), StatusCode::NOT_FOUND);
}
