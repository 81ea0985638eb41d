import {registry} from "@web/core/registry";

registry.category("web_tour.tours").add("oauth2_provider_connect_odoo", {
    steps: () => [
        {
            content: "Connect another Odoo, from the list of applications",
            trigger: ".o_control_panel button:contains(Connect another Odoo)",
            run: "click",
        },
        {
            content: "Paste the address of any page of the other Odoo",
            trigger: ".modal div[name=address] input",
            run: "edit projects.example.com/odoo/discuss && press Tab",
        },
        {
            content: "It is tidied, and a name is proposed",
            trigger: ".modal div[name=name] input:value(projects.example.com)",
        },
        {
            trigger: ".modal div[name=address] input:value(https://projects.example.com)",
        },
        {
            content: "Connect",
            trigger: ".modal button[name=action_connect]",
            run: "click",
        },
        {
            content: "The page shows each value of the other Odoo's form, with a button to copy it",
            trigger: ".o_form_view div[name=userinfo_endpoint] .o_clipboard_button",
        },
        {
            trigger: ".o_form_view div[name=odoo_login_label] .o_clipboard_button",
        },
        {
            content: "Make a file for the import of people who have an account there",
            trigger: ".o_form_view button[name=action_export_accounts]",
            run: "click",
        },
        {
            trigger: ".modal button[name=action_download]",
        },
        {
            trigger: ".modal .modal-footer button:contains(Close)",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal))",
        },
    ],
});
