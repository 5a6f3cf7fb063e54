use super::house::House;
use serde_json::{Value, json};

on_each_store! {
    admins_add_change_and_remove_categories,
    a_slug_is_made_of_the_name_where_none_is_given,
    what_is_wrong_with_a_category_is_said_at_once_and_nothing_changes,
    a_slug_that_is_taken_is_told,
    only_admins_keep_the_categories,
    what_a_category_does_not_have_is_ignored,
}

/// The categories with which every house opens.
fn known() -> Vec<Value> {
    vec![
        json!({"id": 1, "name": "Rugs", "slug": "rugs", "description": ""}),
        json!({"id": 2, "name": "Watches", "slug": "watches", "description": ""}),
    ]
}

async fn patch(house: &House, who: &str, id: &str, body: &Value) -> (u16, Value) {
    house.send(who, "PATCH", &format!("categories/{id}/"), &body.to_string()).await.told()
}

async fn admins_add_change_and_remove_categories() {
    let house = House::open().await;
    let new = json!({"name": " Art ", "slug": "fine-art", "description": " Of all times. "});
    let mut art = json!({"id": 3, "name": "Art", "slug": "fine-art", "description": "Of all times."});
    assert_eq!(house.post("admin", "categories/", &new).await.told(), (201, art.clone()));
    assert_eq!(house.get("", "categories/3/").await.told(), (200, art.clone()));
    art["name"] = json!("Zebras");
    assert_eq!(patch(&house, "admin", "3", &json!({"name": "Zebras"})).await, (200, art.clone()));
    assert_eq!(patch(&house, "admin", "3", &json!({})).await, (200, art.clone()));
    art["description"] = json!("");
    art["slug"] = json!("zebras");
    let both = json!({"description": null, "slug": "zebras"});
    assert_eq!(patch(&house, "admin", "3", &both).await, (200, art.clone()));
    let all = Value::Array([known(), vec![art]].concat());
    assert_eq!(house.get("", "categories/").await.told(), (200, all));
    let rug = house.sell_with(json!({"category": 3})).await;
    let answer = house.send("admin", "DELETE", "categories/3/", "").await;
    assert_eq!((answer.status.as_u16(), answer.text.as_str()), (204, ""));
    assert_eq!(house.send("admin", "DELETE", "categories/3/", "").await.status, 404);
    assert_eq!(patch(&house, "admin", "3", &json!({"name": "Art"})).await.0, 404);
    assert_eq!(house.get("", &format!("auctions/{rug}/")).await.json()["category"], Value::Null);
    assert_eq!(house.get("", "categories/").await.told(), (200, Value::Array(known())));
}

async fn a_slug_is_made_of_the_name_where_none_is_given() {
    let house = House::open().await;
    let answer = house.post("admin", "categories/", &json!({"name": "Clocks & Barometers, 1850"})).await;
    assert_eq!((answer.status.as_u16(), &answer.json()["slug"]), (201, &json!("clocks-barometers-1850")));
    let told = json!({"slug": ["No slug can be made of this name. Give one."], "code": "invalid"});
    for name in ["\u{6642}\u{8a08}", "1850", "!"] {
        let body = json!({ "name": name });
        assert_eq!(house.post("admin", "categories/", &body).await.told(), (400, told.clone()), "{name}");
    }
    let answer =
        house.post("admin", "categories/", &json!({"name": "\u{6642}\u{8a08}", "slug": "clocks"})).await;
    assert_eq!((answer.status.as_u16(), &answer.json()["name"]), (201, &json!("\u{6642}\u{8a08}")));
}

async fn what_is_wrong_with_a_category_is_said_at_once_and_nothing_changes() {
    let house = House::open().await;
    let slug = "A slug has 1 to 100 small letters a to z, digits and hyphens, not digits alone.";
    let long = json!({"name": "n".repeat(101), "slug": "A B", "description": "d".repeat(2_001)});
    let expected = json!({
        "name": ["A name has at most 100 characters."],
        "slug": [slug],
        "description": ["A description has at most 2000 characters."],
        "code": "invalid",
    });
    assert_eq!(house.post("admin", "categories/", &long).await.told(), (400, expected.clone()));
    assert_eq!(patch(&house, "admin", "1", &long).await, (400, expected));
    let blank = json!({"name": " ", "slug": null, "description": 7});
    let expected = json!({
        "name": ["This field may not be blank."],
        "slug": ["This field may not be null."],
        "description": ["Not a valid string."],
        "code": "invalid",
    });
    assert_eq!(house.post("admin", "categories/", &blank).await.told(), (400, expected.clone()));
    assert_eq!(patch(&house, "admin", "1", &blank).await, (400, expected));
    let missing = json!({"name": ["This field is required."], "code": "invalid"});
    assert_eq!(house.post("admin", "categories/", &json!({})).await.told(), (400, missing));
    for bad in ["17", "rugs--2", "-rugs", "../rugs", "rugs'--", ""] {
        let told = patch(&house, "admin", "1", &json!({ "slug": bad })).await;
        assert_eq!(told, (400, json!({"slug": [slug], "code": "invalid"})), "{bad}");
    }
    assert_eq!(house.get("", "categories/").await.told(), (200, Value::Array(known())));
}

async fn a_slug_that_is_taken_is_told() {
    let house = House::open().await;
    let taken = json!({"slug": ["Another category has this slug."], "code": "invalid"});
    let again = json!({"name": "Carpets", "slug": "rugs"});
    assert_eq!(house.post("admin", "categories/", &again).await.told(), (400, taken.clone()));
    assert_eq!(
        house.post("admin", "categories/", &json!({"name": "rugs!"})).await.told(),
        (400, taken.clone())
    );
    assert_eq!(patch(&house, "admin", "2", &json!({"slug": "rugs"})).await, (400, taken));
    assert_eq!(patch(&house, "admin", "2", &json!({"slug": "watches"})).await.0, 200);
    assert_eq!(house.get("", "categories/").await.told(), (200, Value::Array(known())));
}

async fn only_admins_keep_the_categories() {
    let house = House::open().await;
    let body = json!({"name": "Art"});
    for (who, status, code) in [
        ("", 401, "not_authenticated"),
        ("mallory", 401, "invalid_token"),
        ("ann", 403, "permission_denied"),
        ("sally", 403, "permission_denied"),
        ("nora", 403, "permission_denied"),
        ("banned", 403, "permission_denied"),
    ] {
        let code = (status, code.to_owned());
        assert_eq!(house.post(who, "categories/", &body).await.code(), code, "{who}");
        for id in ["1", "99"] {
            let path = format!("categories/{id}/");
            assert_eq!(house.send(who, "PATCH", &path, &body.to_string()).await.code(), code, "{who}");
            assert_eq!(house.send(who, "DELETE", &path, "").await.code(), code, "{who}");
        }
    }
    for id in ["99", "0", "x", "-1", "01"] {
        assert_eq!(patch(&house, "admin", id, &body).await.0, 404, "{id}");
    }
    assert_eq!(house.get("", "categories/").await.told(), (200, Value::Array(known())));
}

async fn what_a_category_does_not_have_is_ignored() {
    let house = House::open().await;
    let forged =
        json!({"name": "Art", "id": 1, "seller": 2, "status": "hidden", "version": 9, "is_staff": true});
    let art = json!({"id": 3, "name": "Art", "slug": "art", "description": ""});
    assert_eq!(house.post("admin", "categories/", &forged).await.told(), (201, art.clone()));
    assert_eq!(patch(&house, "admin", "3", &forged).await, (200, art));
    assert_eq!(house.get("", "categories/1/").await.told(), (200, known()[0].clone()));
}
