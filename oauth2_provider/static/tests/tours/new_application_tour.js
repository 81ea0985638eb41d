import {registry} from "@web/core/registry";

registry.category("web_tour.tours").add("oauth2_provider_new_application", {
    steps: () => [
        {
            content: "A new application",
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            trigger: ".o_form_view div[name=name] input",
            run: "edit Customer portal",
        },
        {
            content: "The form says what another Odoo risks",
            trigger: ".o_field_widget[name=security_profile] label:contains(Another Odoo)",
            run: "click",
        },
        {
            trigger: ".o_form_view .alert-warning:contains(It uses the implicit flow)",
        },
        {
            content: "A web application does better",
            trigger: ".o_field_widget[name=security_profile] label:contains(A web, mobile)",
            run: "click",
        },
        {
            trigger: ".o_form_view .alert-info:contains(authorization code flow with PKCE)",
        },
        {
            content: "Where the answers go",
            trigger: "div[name=redirect_uri_ids] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            trigger: "div[name=redirect_uri_ids] div[name=uri] input",
            run: "edit https://portal.example.com/callback",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "It says what is still missing: a secret",
            trigger: ".o_form_saved .alert-warning:contains(no secret yet)",
        },
        {
            trigger: ".o_statusbar_buttons button[name=action_new_secret]",
            run: "click",
        },
        {
            content: "First a proof of who presses the button",
            trigger: ".modal div[name=password] input",
            run: "edit oauth2-administrator-password",
        },
        {
            trigger: ".modal button:contains(Confirm Password)",
            run: "click",
        },
        {
            content: "The secret is shown this once",
            trigger: ".modal div[name=secret] .o_clipboard_button",
        },
        {
            trigger: ".modal .modal-footer button:contains(Done)",
            run: "click",
        },
        {
            content: "From now on only its last signs are",
            trigger: ".o_notebook .nav-link:contains(Secrets)",
            run: "click",
        },
        {
            trigger: "div[name=secret_ids] .o_data_row td[name=hint]",
        },
    ],
});
